"""What every provider's webhook has in common: settings, a check, a reading event by event."""

import json
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from types import SimpleNamespace
from typing import Any, ClassVar

from pipeline.channels.normalise import normalised, unread
from pipeline.outbox.event import ProviderEvent, Told
from pipeline.web.hooks import basic
from pipeline.web.hooks.call import MOST_EVENTS, Call, Refusal


class Hook(ABC):
    """The webhook of one provider.

    Attributes:
        name: The name of the provider's channel; the last part of the address.
        view: Anymail's view that reads its events. Its checks and settings are not used: they let
            a call through where nothing is set.
        basic: Whether user and password are asked for.
        types: The content types its calls have.
    """

    name: ClassVar[str]
    view: ClassVar[type[Any]]
    basic: ClassVar[bool] = True
    types: ClassVar[tuple[str, ...]] = ("application/json",)

    def fault(self) -> str:
        """Why no call can be believed as things are set, with the mend; "" if it can."""
        return basic.fault() if self.basic else ""

    def check(self, call: Call) -> None:  # noqa: B027 (many sign nothing)
        """Refuse what the provider did not sign.

        Raises:
            Refusal: It did not, or the body has a form that it never sends.
        """

    def greet(self, _call: Call) -> None:  # noqa: B027 (only Amazon asks for anything)
        """Do what a call asks for beside its events.

        Raises:
            Refusal: It cannot be done now.
        """

    def token(self, _call: Call) -> str:
        """What may be used once alone; "" if a repetition is known by its events."""
        return ""

    def payloads(self, call: Call) -> list[object]:
        """The events of a call, each by itself."""
        return [call.json]

    def told(self, payload: object, call: Call) -> list[Any]:
        """Anymail's events of one payload: one for each reader it is about."""
        # A view without its __init__: that one reads settings, and warns of what we check.
        body = json.dumps(self._wrapped(payload)).encode()
        request = SimpleNamespace(
            body=body, content_type="application/json", headers=call.headers, META={}
        )
        view = object.__new__(self.view)
        events: list[Any] = view.parse_events(request)
        return events

    def _wrapped(self, payload: object) -> object:
        """A payload as the provider would send it alone."""
        return payload

    @abstractmethod
    def code(self, told: Any, raw: Mapping[str, Any]) -> str:
        """What a bounce or a refusal means; ``audience.complaints.bounce`` knows the forms.

        Args:
            told: Anymail's event.
            raw: What the provider sent.
        """

    def event_id(self, told: Any, _raw: Mapping[str, Any]) -> str:
        """What the provider knows the event by; "" if it has no such thing."""
        return str(told.event_id or "")

    def normalised(self, told: Any, call: Call) -> ProviderEvent | None:
        """One of Anymail's events as a value of ours."""
        return normalised(
            told,
            provider=self.name,
            now=call.now,
            code=self.code(told, told.esp_event),
            event_id=self.event_id(told, told.esp_event),
        )

    def events(self, call: Call) -> Iterator[Told]:
        """What a call tells, each event for itself: one that cannot be read stops no other.

        Raises:
            Refusal: There are too many.
        """
        payloads = self.payloads(call)
        if len(payloads) > MOST_EVENTS:
            raise Refusal("it tells too much at once", status=413)
        for payload in payloads:
            yield from self._read(payload, call)

    def _read(self, payload: object, call: Call) -> list[Told]:
        try:
            told = [self.normalised(each, call) for each in self.told(payload, call)]
        except Exception as error:  # noqa: BLE001 (a library's reading of anybody's words)
            return [unread(payload, error, provider=self.name)]
        return [each for each in told if each is not None]


class ListHook(Hook):
    """A provider that sends many events in one call, as a list."""

    def payloads(self, call: Call) -> list[object]:
        """The members of the list; a single event stands for itself."""
        return call.json if isinstance(call.json, list) else [call.json]

    def _wrapped(self, payload: object) -> object:
        return [payload]
