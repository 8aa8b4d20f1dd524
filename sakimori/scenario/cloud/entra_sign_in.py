"""Entra sign-in logs as Microsoft Graph gives them: https://learn.microsoft.com/graph/api/resources/signin"""

from __future__ import annotations

from typing import Any

from sakimori.scenario.cloud.event import TENANT, Event, iso, marked
from sakimori.scenario.data import toml

HEAD = '{{"@odata.context":"https://graph.microsoft.com/beta/$metadata#auditLogs/signIns","value":[\n'
_TRUST = {"Windows10": "Azure AD joined"}
_REASONS = {
    "0": "Other.",
    "50126": "Error validating credentials due to invalid username or password.",
    "50074": "Strong Authentication is required.",
    "50076": "Due to a configuration change made by your administrator, or because you moved to a new "
    "location, you must use multi-factor authentication.",
    "50140": "This error occurred due to 'Keep me signed in' interrupt when the user was signing-in.",
    "500121": "Authentication failed during strong authentication request.",
    "53003": "Access has been blocked by Conditional Access policies.",
}


def sign_in(event: Event) -> str:
    """One sign-in, interactive unless `interactive` is no."""
    who, seat, app = event.who, event.seat, toml("cloud.toml")["app"][event.get("app", "office")]
    interactive, result = event.get("interactive", "yes") == "yes", event.get("result", "0")
    record: dict[str, Any] = {
        "id": event.guid(),
        "createdDateTime": iso(event.t),
        "userDisplayName": who.name,
        "userPrincipalName": who.upn,
        "userId": who.id,
        "appId": app["id"],
        "appDisplayName": app["name"],
        "ipAddress": seat.place.address,
        "clientAppUsed": event.get("client", "Browser"),
        "userAgent": seat.device.agent,
        "correlationId": event.guid(),
        "conditionalAccessStatus": event.get("policy", "success" if result == "0" else "failure"),
        "originalRequestId": "",
        "isInteractive": interactive,
        "tokenIssuerName": "",
        "tokenIssuerType": "AzureAD",
        "processingTimeInMilliseconds": 80 + int(event.rng.random() * 400),
        "riskDetail": "none",
        "riskLevelAggregated": event.get("risk", "none"),
        "riskLevelDuringSignIn": event.get("risk", "none"),
        "riskState": "none" if event.get("risk", "none") == "none" else "atRisk",
        "riskEventTypes_v2": event.listed("risks"),
        "resourceDisplayName": app["resource"],
        "resourceId": app["resource_id"],
        "resourceTenantId": TENANT,
        "homeTenantId": TENANT,
        "authenticationRequirement": event.get("requirement", "multiFactorAuthentication"),
        "signInEventTypes": ["interactiveUser" if interactive else "nonInteractiveUser"],
        "servicePrincipalId": "",
        "uniqueTokenIdentifier": event.hex(22),
        "sessionId": seat.session,
        "incomingTokenType": event.get("token", "none" if interactive else "primaryRefreshToken"),
        "autonomousSystemNumber": seat.place.asn,
        "authenticationProtocol": event.get("protocol", "none"),
        "crossTenantAccessType": "none",
        "status": {
            "errorCode": int(result),
            "failureReason": _REASONS[result],
            "additionalDetails": event.get("details", "MFA requirement satisfied by claim in the token"),
        },
        "deviceDetail": _device(event),
        "location": _location(event),
        "authenticationDetails": _steps(event, result) if interactive else [],
        "networkLocationDetails": _network(event),
    }
    return marked(record)


def _device(event: Event) -> dict[str, Any]:
    device = event.seat.device
    return {
        "deviceId": device.id if device.managed else "",
        "displayName": device.name,
        "operatingSystem": device.system,
        "browser": device.browser,
        "isCompliant": device.managed,
        "isManaged": device.managed,
        "trustType": _TRUST.get(device.system, "Azure AD registered") if device.managed else "",
    }


def _location(event: Event) -> dict[str, Any]:
    place = event.seat.place
    return {
        "city": place.city,
        "state": place.state,
        "countryOrRegion": place.country,
        "geoCoordinates": {"altitude": None, "latitude": place.latitude, "longitude": place.longitude},
    }


def _steps(event: Event, result: str) -> list[dict[str, Any]]:
    factor = event.get("factor")
    told = [("Password", result != "50126", "Password in the cloud")]
    if factor and result != "50126":
        told.append((factor, result == "0", event.get("factor_detail")))
    return [
        {
            "authenticationStepDateTime": iso(event.t),
            "authenticationMethod": method,
            "authenticationMethodDetail": detail,
            "succeeded": good,
            "authenticationStepResultDetail": "MFA successfully completed" if good and number else
            "Correct password" if good else "MFA denied; user declined the authentication" if number else
            "Incorrect password",
            "authenticationStepRequirement": "Primary authentication" if not number else "",
        }
        for number, (method, good, detail) in enumerate(told)
    ]  # fmt: skip


def _network(event: Event) -> list[dict[str, Any]]:
    if not event.seat.place.trusted:
        return []
    return [{"networkType": "trustedNamedLocation", "networkNames": ["Kitaura offices"]}]
