"""From an incident to what a person may decide: proposals, approvals in a chained log, published feeds."""
