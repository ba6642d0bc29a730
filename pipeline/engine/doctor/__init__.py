"""What ``meridian doctor`` looks at. A look is one function and one line of :data:`CHECKS`."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from pipeline.engine.doctor import tracking
from pipeline.stages.newsletters import notices_from
from pipeline.stages.sender_domain import delivered, dkim, dmarc, owner, receiving, spf
from pipeline.stages.sender_domain.records import Ask, NoAnswerError
from pipeline.stages.text.hosts import ascii_domain
from pipeline.values import Configuration, Remark


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What there is to be looked at.

    Attributes:
        configuration: What clinic.toml says.
        mail_api: The way newsletters go out.
        signer: A domain that signs for the senders', where that is another; else "".
        selectors: Where DKIM keys stand; empty for where the mail API is known to put them.
        ask: DNS.
        letter: A delivered letter with all its headers, or None.
    """

    configuration: Configuration
    mail_api: str
    signer: str = ""
    selectors: tuple[str, ...] = ()
    ask: Ask
    letter: bytes | None = None

    @property
    def senders(self) -> list[str]:
        """The domains that letters and notices come from."""
        newsletters = self.configuration.newsletters
        found = [each.from_address for each in newsletters]
        return _domains([*found, *(notices_from(self.configuration, each) for each in newsletters)])

    @property
    def answered(self) -> list[str]:
        """The domains that answers go to, or may."""
        replies = [each.reply_to for each in self.configuration.newsletters if each.reply_to]
        return list(dict.fromkeys([*self.senders, *_domains(replies)]))


Check = Callable[[Scene], Iterable[Remark]]


def _of_domains(look: Callable[[str, Ask], Iterable[Remark]]) -> Check:
    return lambda scene: [remark for each in scene.senders for remark in look(each, scene.ask)]


def _keys(scene: Scene) -> Iterator[Remark]:
    selectors = scene.selectors or dkim.USUAL.get(scene.mail_api, ())
    for domain in [scene.signer] if scene.signer else scene.senders:
        yield from dkim.look(domain, selectors, scene.ask)


CHECKS: Mapping[str, Check] = {
    "owner": lambda scene: [remark for each in scene.senders for remark in owner.look(each)],
    "spf": _of_domains(spf.look),
    "dkim": _keys,
    "dmarc": _of_domains(dmarc.look),
    "receiving": lambda scene: [
        remark for each in scene.answered for remark in receiving.look(each, scene.ask)
    ],
    "tracking": lambda scene: tracking.look(scene.mail_api),
    "letter": lambda scene: delivered.look(scene.letter, scene.ask) if scene.letter else (),
}


def examine(scene: Scene) -> Iterator[Remark]:
    """All that is to be said, check by check."""
    for name, check in CHECKS.items():
        try:
            yield from check(scene)
        except NoAnswerError as error:
            # Not "nothing is there": that would send somebody to mend what is whole.
            yield Remark(
                check=name,
                health="wrong",
                message=str(error),
                mend="See that this machine reaches a DNS server, and run it again.",
            )


def _domains(addresses: Iterable[str]) -> list[str]:
    """The domains of addresses, each once, as DNS writes them."""
    found = (ascii_domain(address.rpartition("@")[2]).lower() for address in addresses)
    return list(dict.fromkeys(found))
