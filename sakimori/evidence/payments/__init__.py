"""Payments in the formats banks share: ISO 20022 and FIN."""
