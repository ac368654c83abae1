"""The part of the SARIF 2.1.0 schema (OASIS, errata 01) that a log of findings uses, as strict as it is there.

No package that the tests need ships the whole schema; the reports fitted the two that npm has (@microsoft/jest-sarif
1.0.0-beta.0, 2.1.0-rtm.5; @microsoft/sarif-multitool-linux 5.7.0, 2.1.0) when held against them on 2026-11-21.
Names, required properties, enumerations and limits are those of the specification's sections that are named; a property
that is not listed is refused, as the schema does.
"""

from typing import Any


def _object(required: list[str], **properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": required, "properties": properties, "additionalProperties": False}


_TEXT = {"type": "string"}
_BAG = {"type": "object", "properties": {"tags": {"type": "array", "items": _TEXT, "uniqueItems": True}}}
_LEVEL = {"enum": ["none", "note", "warning", "error"]}
_URI = {"type": "string", "pattern": r"^[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]*$"}
_URI_REFERENCE = {"type": "string", "pattern": r"^[^\s<>\"{}|\\^`\[\]]*$"}
# 3.11, 3.12
_MESSAGE = _object(["text"], text=_TEXT, markdown=_TEXT)
# 3.4, 3.30, 3.33
_LOCATION = _object(
    [],
    physicalLocation=_object(
        ["artifactLocation"],
        artifactLocation=_object(["uri"], uri=_URI_REFERENCE, uriBaseId=_TEXT),
        region=_object(["startLine"], startLine={"type": "integer", "minimum": 1}),
    ),
    logicalLocations={
        "type": "array",
        "uniqueItems": True,
        "items": _object([], name=_TEXT, fullyQualifiedName=_TEXT, kind=_TEXT),
    },
)
# 3.27
_RESULT = _object(
    ["message"],
    ruleId=_TEXT,
    ruleIndex={"type": "integer", "minimum": -1},
    level=_LEVEL,
    message=_MESSAGE,
    locations={"type": "array", "items": _LOCATION},
    partialFingerprints={"type": "object", "additionalProperties": _TEXT},
    properties=_BAG,
)
# 3.49
_RULE = _object(
    ["id"],
    id=_TEXT,
    name=_TEXT,
    shortDescription=_MESSAGE,
    fullDescription=_MESSAGE,
    help=_MESSAGE,
    helpUri=_URI,
    defaultConfiguration=_object([], level=_LEVEL),
    properties=_BAG,
)
# 3.13, 3.14, 3.18, 3.19
SCHEMA = {
    "$schema": "http://json-schema.org/draft-07/schema#",
    **_object(
        ["version", "runs"],
        **{"$schema": _URI},
        version={"enum": ["2.1.0"]},
        runs={
            "type": "array",
            "items": _object(
                ["tool"],
                tool=_object(
                    ["driver"],
                    driver=_object(
                        ["name"],
                        name={"type": "string", "minLength": 1},
                        semanticVersion=_TEXT,
                        rules={"type": "array", "uniqueItems": True, "items": _RULE},
                    ),
                ),
                columnKind={"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                results={"type": "array", "items": _RESULT},
            ),
        },
    ),
}
