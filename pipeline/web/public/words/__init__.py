"""The words of the public pages: a closed list in each language we speak.

Here stand those of leaving and of what went wrong; every other kind of page has a file of its own.

``{newsletter}`` is the newsletter's name, or ``this_newsletter`` where it is no longer known.
Korean sentences are built so that no particle has to agree with the name.
"""

import re
from dataclasses import dataclass

_SUBTAG = re.compile(r"[-_]")


@dataclass(frozen=True, slots=True)
class Problem:
    """What an error page says: what happened, what it means, what to do."""

    title: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """All words of the public pages in one language (``language``: a BCP 47 tag)."""

    language: str
    this_newsletter: str
    all_of_them: str
    yours: str
    you_get: str
    you_get_none: str
    leave: str
    leave_all: str
    ask: str
    explain: str
    button: str
    left: str
    ended: str
    late: str
    close: str
    not_found: Problem
    unreadable: Problem
    broken: Problem


_ENGLISH = Words(
    language="en",
    this_newsletter="this newsletter",
    all_of_them="our newsletters",
    yours="Your newsletters",
    you_get="You are sent these:",
    you_get_none="You are not sent any newsletter of ours.",
    leave="Unsubscribe",
    leave_all="Unsubscribe from all of them",
    ask="Stop receiving {newsletter}?",
    explain="It ends at once when you press the button. Until then, nothing changes.",
    button="Unsubscribe from {newsletter}",
    left="You are not on this list any more",
    ended="You will not be sent {newsletter} again. This takes effect at once.",
    late="An email that was already on its way may still arrive.",
    close="You can close this page.",
    not_found=Problem(
        "This page does not exist",
        "The link may have been cut short on its way. Nothing was changed. Copy the whole link "
        "from the email and open it again. If it still does not work, reply to that email.",
    ),
    unreadable=Problem(
        "This request could not be read",
        "It was not sent by the button of our page. Nothing was changed. Open the link in the "
        "email again and press the button.",
    ),
    broken=Problem(
        "Something went wrong on our side",
        "We cannot tell whether your request was carried out. Open the link in the email again in "
        "a few minutes. Asking twice does no harm.",
    ),
)

_KOREAN = Words(
    language="ko",
    this_newsletter="이 뉴스레터",
    all_of_them="모든 뉴스레터",
    yours="내 뉴스레터",
    you_get="다음 뉴스레터를 받고 계십니다.",
    you_get_none="받고 계신 뉴스레터가 없습니다.",
    leave="구독 해지",
    leave_all="모든 뉴스레터 구독 해지",
    ask="{newsletter} 구독을 해지하시겠습니까?",
    explain="버튼을 누르면 바로 해지됩니다. 누르기 전에는 아무것도 바뀌지 않습니다.",
    button="{newsletter} 구독 해지",
    left="구독이 해지된 상태입니다",
    ended="앞으로 {newsletter} 메일을 보내 드리지 않습니다. 해지는 바로 적용됩니다.",
    late="이미 발송된 메일은 도착할 수 있습니다.",
    close="이 페이지를 닫으셔도 됩니다.",
    not_found=Problem(
        "페이지를 찾을 수 없습니다",
        "링크의 일부가 잘렸을 수 있습니다. 바뀐 것은 없습니다. 이메일에 있는 링크 전체를 복사해 "
        "다시 열어 주세요. 그래도 열리지 않으면 그 이메일에 답장해 주세요.",
    ),
    unreadable=Problem(
        "요청을 읽을 수 없습니다",
        "저희 페이지의 버튼으로 보낸 요청이 아닙니다. 바뀐 것은 없습니다. 이메일의 링크를 다시 "
        "열고 버튼을 눌러 주세요.",
    ),
    broken=Problem(
        "저희 쪽에 문제가 생겼습니다",
        "요청이 처리되었는지 확인할 수 없습니다. 몇 분 뒤에 이메일의 링크를 다시 열어 주세요. "
        "같은 요청을 두 번 하셔도 괜찮습니다.",
    ),
)

_SPANISH = Words(
    language="es",
    this_newsletter="este boletín",
    all_of_them="nuestro correo",
    yours="Sus boletines",
    you_get="Recibe estos:",
    you_get_none="No recibe ningún boletín nuestro.",
    leave="Darse de baja",
    leave_all="Darse de baja de todos",
    ask="¿Quiere dejar de recibir {newsletter}?",
    explain="La baja es inmediata al pulsar el botón. Hasta entonces no cambia nada.",
    button="Dejar de recibir {newsletter}",
    left="Ya no está en esta lista",
    ended="No se le volverá a enviar {newsletter}. El cambio tiene efecto inmediato.",
    late="Es posible que aún le llegue un correo que ya estaba en camino.",
    close="Puede cerrar esta página.",
    not_found=Problem(
        "Esta página no existe",
        "Es posible que el enlace haya llegado incompleto. No se ha cambiado nada. Copie el enlace "
        "completo del correo y ábralo de nuevo. Si sigue sin funcionar, responda a ese correo.",
    ),
    unreadable=Problem(
        "No se ha podido leer la petición",
        "No se envió con el botón de nuestra página. No se ha cambiado nada. Abra de nuevo el "
        "enlace del correo y pulse el botón.",
    ),
    broken=Problem(
        "Algo ha fallado por nuestra parte",
        "No podemos saber si su petición se ha llevado a cabo. Abra de nuevo el enlace del correo "
        "dentro de unos minutos. Pedirlo dos veces no tiene consecuencias.",
    ),
)

WORDS = {words.language: words for words in (_ENGLISH, _KOREAN, _SPANISH)}


def words_for(*languages: str) -> Words:
    """The words in the first of these languages that we speak, else in English.

    Args:
        languages: Language tags as people write them: "ko", "es-MX", "pt_BR", "".
    """
    return WORDS[spoken(*languages)]


def spoken(*languages: str) -> str:
    """The first of these languages that we speak, by its primary subtag, else English."""
    tags = (_SUBTAG.split(tag.strip().lower())[0] for tag in languages)
    return next((tag for tag in tags if tag in WORDS), _ENGLISH.language)
