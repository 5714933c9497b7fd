"""Rules of requests that JSON Schema cannot say: a request that breaks one is malformed, though its schema allows it.

The rules of parameters stand in the description itself (x-at-most-one-of, x-one-of, x-given-by-answers); those of bodies are here.
"""

import schemathesis


def _keeps_rules(case) -> bool:
    operation = case.operation.definition.raw
    given = {name for name, value in (case.query or {}).items() if value is not None}
    if any(name.lower() == "x-wallet-address" for name in (case.headers or {})):
        given.add("X-Wallet-Address")
    if any(len(given & set(names)) > 1 for names in operation.get("x-at-most-one-of", [])):
        return False
    needed = set(operation.get("x-one-of", []))
    if needed and not given & needed:
        return False
    return not given & set(operation.get("x-given-by-answers", []))


def _has_control(text) -> bool:
    return isinstance(text, str) and (any(ord(c) < 32 or 127 <= ord(c) < 160 for c in text) or len(text.encode("utf-8", "replace")) > 128)


def _body_keeps_rules(body) -> bool:
    if not isinstance(body, dict):
        return True
    if any(_has_control(value) for value in body.values()):
        return False
    gpus = body.get("gpus")
    if not isinstance(gpus, list):
        return True
    gpus = [gpu for gpu in gpus if isinstance(gpu, dict)]
    indexes = [gpu.get("gpu_index") for gpu in gpus]
    if len(indexes) != len({str(index) for index in indexes}):
        return False
    for gpu in gpus:
        used, total = gpu.get("vram_used_gb"), gpu.get("vram_total_gb")
        if isinstance(used, (int, float)) and isinstance(total, (int, float)) and used > total:
            return False
        if any(_has_control(value) for value in gpu.values()):
            return False
    return True


@schemathesis.hook
def filter_case(context, case) -> bool:
    if case.meta is not None and case.meta.generation.mode.is_negative:
        return True
    return _keeps_rules(case) and _body_keeps_rules(case.body)
