"""JSON instead of pickle in the cache: a poisoned entry can never run code."""

import json
from typing import Any


class JsonSerializer:
    def dumps(self, value: Any) -> bytes | int:
        # Plain integers stay numbers, so that Redis can count with them.
        if type(value) is int:
            return value
        return json.dumps(value).encode()

    def loads(self, data: bytes) -> Any:
        return json.loads(data)
