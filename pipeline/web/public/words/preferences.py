"""The words of hearing less, of taking a leaving back, and of what a reader sets for themselves.

``{newsletter}`` is a name as the clinic wrote it; ``{day}`` a day in the reader's language.
"""

from dataclasses import dataclass

from pipeline.web.public.words import spoken
from pipeline.web.public.words.joining import Passage


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferring:
    """All words of these pages in one language.

    Attributes:
        rhythms: How often, by the values of ``pipeline.audience.preferring.Rhythm``.
        paused: Stands in for a rhythm while somebody pauses.
    """

    language: str
    less: Passage
    rhythms: dict[str, str]
    paused: str
    undo: str
    undo_explained: str
    undone: Passage
    too_late: Passage
    title: str
    saved: str
    how_often: str
    about_you: str
    name: str
    language_label: str
    as_written: str
    time_zone: str
    time_zone_hint: str
    no_answer: str
    save: str
    name_wrong: str
    field_wrong: str
    others: str
    stop: str
    stop_all: str
    forget: str
    forget_page: Passage
    forget_button: str
    forgotten: Passage
    back: str


_ENGLISH = Preferring(
    language="en",
    less=Passage("Or hear from us less", "You stay on the list."),
    rhythms={
        "every": "Every letter",
        "monthly": "One digest a month instead",
        "pause-1": "Pause for one month",
        "pause-2": "Pause for two months",
        "pause-3": "Pause for three months",
    },
    paused="Paused until {day}",
    undo="Undo",
    undo_explained="Pressed by mistake? For an hour you can take it back here.",
    undone=Passage("You are on the list again", "Everything is as it was before."),
    too_late=Passage(
        "It is too late to undo this here",
        "You stay off the list. If you want our letters again, ask for them anew.",
    ),
    title="Your preferences",
    saved="Saved. It takes effect at once.",
    how_often="How often you hear from us",
    about_you="About you",
    name="Name",
    language_label="Language of pages and letters",
    as_written="As the newsletter is written",
    time_zone="Your time zone",
    time_zone_hint="The newsletter's own",
    no_answer="No answer",
    save="Save",
    name_wrong="Write the name on one line, in 200 characters at most.",
    field_wrong="This answer cannot be kept. Choose or write another one, and nothing about your "
    "health.",
    others="More newsletters of ours",
    stop="Leaving",
    stop_all="Unsubscribe from everything",
    forget="Delete what you know of me",
    forget_page=Passage(
        "Delete everything about you?",
        "Your name, address and answers are erased, and no newsletter is sent to you again. This "
        "cannot be undone. So that no old list brings you back, we keep a fingerprint that "
        "cannot be turned into your address.",
    ),
    forget_button="Delete everything about me",
    forgotten=Passage(
        "Everything is deleted",
        "We know nothing of you any more, and write to you no more. An email that was already on "
        "its way may still arrive.",
    ),
    back="Back to your preferences",
)

_KOREAN = Preferring(
    language="ko",
    less=Passage("또는 덜 받아 보기", "구독은 그대로 유지됩니다."),
    rhythms={
        "every": "모든 메일 받기",
        "monthly": "한 달에 한 번 모아 받기",
        "pause-1": "한 달 쉬기",
        "pause-2": "두 달 쉬기",
        "pause-3": "세 달 쉬기",
    },
    paused="{day}까지 쉬는 중",
    undo="되돌리기",
    undo_explained="잘못 누르셨나요? 한 시간 동안 여기서 되돌릴 수 있습니다.",
    undone=Passage("다시 구독 중입니다", "모든 것이 이전과 같습니다."),
    too_late=Passage(
        "여기서 되돌리기에는 늦었습니다",
        "구독은 해지된 상태입니다. 다시 받아 보시려면 새로 신청해 주세요.",
    ),
    title="수신 설정",
    saved="저장했습니다. 바로 적용됩니다.",
    how_often="메일을 받는 횟수",
    about_you="내 정보",
    name="이름",
    language_label="페이지와 메일의 언어",
    as_written="뉴스레터에 쓰인 언어 그대로",
    time_zone="시간대",
    time_zone_hint="뉴스레터와 같게",
    no_answer="답하지 않음",
    save="저장",
    name_wrong="이름은 한 줄로, 200자까지 적어 주세요.",
    field_wrong="이 답은 저장할 수 없습니다. 다르게 고르거나 적어 주시고, 건강에 관한 내용은 "
    "적지 마세요.",
    others="다른 뉴스레터",
    stop="그만 받기",
    stop_all="모두 구독 해지",
    forget="내 정보 삭제",
    forget_page=Passage(
        "내 정보를 모두 삭제할까요?",
        "이름, 주소, 답변을 지우고 앞으로 어떤 뉴스레터도 보내지 않습니다. 되돌릴 수 없습니다. "
        "예전 명단 때문에 다시 발송되는 일이 없도록, 주소로 되돌릴 수 없는 표시만 남깁니다.",
    ),
    forget_button="내 정보 모두 삭제",
    forgotten=Passage(
        "모두 삭제했습니다",
        "남아 있는 정보가 없으며 더 이상 메일을 보내지 않습니다. 이미 발송된 메일은 도착할 수 "
        "있습니다.",
    ),
    back="수신 설정으로 돌아가기",
)

_SPANISH = Preferring(
    language="es",
    less=Passage("O recibir menos", "Seguirá en la lista."),
    rhythms={
        "every": "Todos los boletines",
        "monthly": "Un resumen al mes",
        "pause-1": "Pausa de un mes",
        "pause-2": "Pausa de dos meses",
        "pause-3": "Pausa de tres meses",
    },
    paused="En pausa hasta el {day}",
    undo="Deshacer",
    undo_explained="¿Lo pulsó sin querer? Durante una hora puede deshacerlo aquí.",
    undone=Passage("Vuelve a estar en la lista", "Todo queda como estaba."),
    too_late=Passage(
        "Ya no se puede deshacer aquí",
        "Sigue de baja. Si quiere volver a recibirnos, suscríbase de nuevo.",
    ),
    title="Sus preferencias",
    saved="Guardado. El cambio tiene efecto inmediato.",
    how_often="Con qué frecuencia le escribimos",
    about_you="Sobre usted",
    name="Nombre",
    language_label="Idioma de las páginas y los correos",
    as_written="El del boletín",
    time_zone="Su zona horaria",
    time_zone_hint="La del boletín",
    no_answer="Sin respuesta",
    save="Guardar",
    name_wrong="Escriba el nombre en una sola línea, con 200 caracteres como máximo.",
    field_wrong="Esta respuesta no se puede guardar. Elija o escriba otra, y nada sobre su salud.",
    others="Otros boletines nuestros",
    stop="Darse de baja",
    stop_all="Darse de baja de todo",
    forget="Borrar mis datos",
    forget_page=Passage(
        "¿Borrar todos sus datos?",
        "Se borran su nombre, su dirección y sus respuestas, y no se le vuelve a enviar ningún "
        "boletín. No se puede deshacer. Para que ninguna lista antigua le traiga de vuelta, "
        "guardamos una huella que no permite conocer su dirección.",
    ),
    forget_button="Borrar todos mis datos",
    forgotten=Passage(
        "Todo está borrado",
        "Ya no sabemos nada de usted y no le escribiremos más. Es posible que aún le llegue un "
        "correo que ya estaba en camino.",
    ),
    back="Volver a sus preferencias",
)

PREFERRING = {words.language: words for words in (_ENGLISH, _KOREAN, _SPANISH)}


def preferring_words(*languages: str) -> Preferring:
    """The words in the first of these languages that we speak, else in English."""
    return PREFERRING[spoken(*languages)]
