"""The words of notices: a closed list, in each language a letter can be made in.

``{newsletter}`` and ``{clinic}`` are names from clinic.toml, ``{article}`` is a title. Korean
sentences are built so that no particle has to agree with a name.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

NoticeKind = Literal["confirm", "known", "approve"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeWords:
    """All that one notice says, in one language.

    Attributes:
        lead: Who asked for what, and what to do.
        button: What pressing it does.
        notes: What happens otherwise, a sentence or two each.
        why: Why the reader gets it.
    """

    subject: str
    preheader: str
    title: str
    lead: str
    button: str
    notes: tuple[str, ...]
    why: str


_ENGLISH: dict[NoticeKind, NoticeWords] = {
    "confirm": NoticeWords(
        subject="Please confirm: {newsletter}",
        preheader="Nothing is sent to you until you press the button.",
        title="Shall we send you {newsletter}?",
        lead="Somebody typed this address into the form of {clinic} to get {newsletter}. If it was "
        "you, please press the button.",
        button="Yes, send it to me",
        notes=(
            "If you do not press it, nothing more comes to you.",
            "The link works for seven days. After that you would have to ask again.",
            (
                "If it was not you, there is nothing to do. Nobody can sign you up without this "
                "button."
            ),
        ),
        why="You get this one email because this address was typed into our form. It is "
        "not a newsletter.",
    ),
    "known": NoticeWords(
        subject="You already get {newsletter}",
        preheader="Nothing has changed, and there is nothing to do.",
        title="You already get {newsletter}",
        lead="Somebody asked {clinic} to send {newsletter} to this address. It comes to you "
        "already, so nothing has changed, and there is nothing to do.",
        button="See what you get",
        notes=(
            "There you can change what you get, or end it.",
            "If it was not you who asked: nobody has learned that you are on the list.",
        ),
        why="You get this one email because this address was typed into our form. It is "
        "not a newsletter.",
    ),
    "approve": NoticeWords(
        subject="Please read and approve: {article}",
        preheader="Nothing goes out until you say yes.",
        title="Please read this before it goes out",
        lead="{clinic} would like to send “{article}” to the readers of {newsletter}. Please read "
        "it, and say whether it may go out.",
        button="Read it",
        notes=(
            "You need no account. You can approve it, send it back, or comment on any paragraph.",
            "The link is yours alone and works for fourteen days. Please do not pass it on.",
        ),
        why="You get this one email because you are named as a practitioner of the clinic. It is "
        "not a newsletter.",
    ),
}

_KOREAN: dict[NoticeKind, NoticeWords] = {
    "confirm": NoticeWords(
        subject="구독 신청을 확인해 주세요: {newsletter}",
        preheader="버튼을 누르시기 전에는 아무것도 보내 드리지 않습니다.",
        title="{newsletter}, 받아 보시겠습니까?",
        lead="{clinic} 구독 신청 양식에 이 주소가 입력되었습니다. 신청된 뉴스레터: {newsletter}. "
        "직접 신청하셨다면 버튼을 눌러 주세요.",
        button="네, 보내 주세요",
        notes=(
            "버튼을 누르지 않으시면 더 이상 메일이 가지 않습니다.",
            "링크는 7일 동안 쓸 수 있습니다. 그 뒤에는 다시 신청하셔야 합니다.",
            (
                "신청하신 적이 없다면 아무것도 하지 않으셔도 됩니다. 이 버튼 없이는 누구도 대신 "
                "신청할 수 없습니다."
            ),
        ),
        why="신청 양식에 이 주소가 입력되어 이 메일을 한 번 보내 드립니다. 뉴스레터가 아닙니다.",
    ),
    "known": NoticeWords(
        subject="이미 받고 계십니다: {newsletter}",
        preheader="바뀐 것은 없으며, 하실 일도 없습니다.",
        title="{newsletter}, 이미 받고 계십니다",
        lead="{clinic} 구독 신청 양식에 이 주소가 입력되었습니다. 신청된 뉴스레터: {newsletter}. "
        "이미 받고 계시므로 바뀐 것은 없으며, 하실 일도 없습니다.",
        button="받는 메일 보기",
        notes=(
            "그 페이지에서 받는 메일을 바꾸거나 그만 받으실 수 있습니다.",
            (
                "직접 신청하지 않으셨더라도 괜찮습니다. 구독 중이라는 사실은 아무에게도 알려지지 "
                "않았습니다."
            ),
        ),
        why="신청 양식에 이 주소가 입력되어 이 메일을 한 번 보내 드립니다. 뉴스레터가 아닙니다.",
    ),
    "approve": NoticeWords(
        subject="읽고 승인해 주세요: {article}",
        preheader="승인하시기 전에는 아무것도 발송되지 않습니다.",
        title="발송 전에 읽어 주세요",
        lead="{clinic} 뉴스레터 발송 전 확인 요청입니다. 글: “{article}”. 뉴스레터: {newsletter}. "
        "읽어 보시고 보내도 되는지 알려 주세요.",
        button="읽기",
        notes=(
            "계정은 필요 없습니다. 승인하거나 돌려보내거나 문단마다 의견을 남기실 수 있습니다.",
            (
                "이 링크는 받는 분만을 위한 것이며 14일 동안 쓸 수 있습니다. 다른 사람에게 "
                "전달하지 말아 주세요."
            ),
        ),
        why="의료진으로 등록되어 있어 이 메일을 한 번 보내 드립니다. 뉴스레터가 아닙니다.",
    ),
}

_SPANISH: dict[NoticeKind, NoticeWords] = {
    "confirm": NoticeWords(
        subject="Confirme, por favor: {newsletter}",
        preheader="No le enviaremos nada hasta que pulse el botón.",
        title="¿Le enviamos {newsletter}?",
        lead="Alguien ha escrito esta dirección en el formulario de {clinic} para recibir "
        "{newsletter}. Si ha sido usted, pulse el botón.",
        button="Sí, quiero recibir este correo",
        notes=(
            "Si no lo pulsa, no le llegará nada más.",
            "El enlace funciona durante siete días. Después tendría que pedirlo otra vez.",
            (
                "Si no ha sido usted, no tiene que hacer nada. Nadie puede darle de alta sin este "
                "botón."
            ),
        ),
        why="Recibe solo este correo porque esta dirección se escribió en nuestro formulario. No "
        "es un boletín.",
    ),
    "known": NoticeWords(
        subject="Ya recibe {newsletter}",
        preheader="No ha cambiado nada y no tiene que hacer nada.",
        title="Ya recibe {newsletter}",
        lead="Alguien ha pedido a {clinic} que envíe {newsletter} a esta dirección. Ya lo recibe, "
        "así que no ha cambiado nada y no tiene que hacer nada.",
        button="Ver lo que recibe",
        notes=(
            "Allí puede cambiar lo que recibe o dejar de recibirlo.",
            "Si no ha sido usted: nadie ha sabido que está en la lista.",
        ),
        why="Recibe solo este correo porque esta dirección se escribió en nuestro formulario. No "
        "es un boletín.",
    ),
    "approve": NoticeWords(
        subject="Lea y apruebe, por favor: {article}",
        preheader="No se envía nada hasta que usted diga que sí.",
        title="Léalo antes de que se envíe, por favor",
        lead="{clinic} quiere enviar «{article}» a los lectores de {newsletter}. Léalo, por favor, "
        "y diga si puede enviarse.",
        button="Leerlo",
        notes=(
            "No necesita cuenta. Puede aprobarlo, devolverlo o comentar cualquier párrafo.",
            (
                "El enlace es solo para usted y funciona durante catorce días. No lo reenvíe, por "
                "favor."
            ),
        ),
        why="Recibe solo este correo porque figura como profesional de la clínica. No es un "
        "boletín.",
    ),
}

_ARABIC: dict[NoticeKind, NoticeWords] = {
    "confirm": NoticeWords(
        subject="يرجى التأكيد: {newsletter}",
        preheader="لن نرسل إليك شيئًا قبل أن تضغط على الزر.",
        title="هل نرسل إليك {newsletter}؟",
        lead="كُتب هذا العنوان في نموذج {clinic} لطلب الاشتراك في {newsletter}. إن كان الطلب منك "
        "فاضغط على الزر.",
        button="نعم، أريد الاشتراك",
        notes=(
            "إن لم تضغط عليه فلن يصلك شيء آخر.",
            "يعمل الرابط سبعة أيام، وبعدها عليك أن تطلب الاشتراك من جديد.",
            "إن لم يكن الطلب منك فلا داعي لفعل شيء: لا يستطيع أحد تسجيلك من دون هذا الزر.",
        ),
        why="وصلتك هذه الرسالة وحدها لأن هذا العنوان كُتب في نموذجنا. وهي ليست نشرة بريدية.",
    ),
    "known": NoticeWords(
        subject="أنت مشترك بالفعل: {newsletter}",
        preheader="لم يتغير شيء، ولا داعي لفعل شيء.",
        title="أنت مشترك بالفعل في {newsletter}",
        lead="كُتب هذا العنوان في نموذج {clinic} لطلب الاشتراك في {newsletter}. أنت مشترك بالفعل، "
        "فلم يتغير شيء ولا داعي لفعل شيء.",
        button="عرض ما يصلك",
        notes=(
            "هناك يمكنك تغيير ما يصلك أو إنهاؤه.",
            "إن لم يكن الطلب منك فاطمئن: لم يعلم أحد أنك في القائمة.",
        ),
        why="وصلتك هذه الرسالة وحدها لأن هذا العنوان كُتب في نموذجنا. وهي ليست نشرة بريدية.",
    ),
    "approve": NoticeWords(
        subject="يرجى القراءة والموافقة: {article}",
        preheader="لا يُرسل شيء قبل موافقتك.",
        title="يرجى قراءة هذا قبل إرساله",
        lead="تود {clinic} إرسال «{article}» إلى قراء {newsletter}. يرجى قراءته وإخبارنا هل يجوز "
        "إرساله.",
        button="اقرأ الآن",
        notes=(
            "لا حاجة إلى حساب. يمكنك الموافقة أو الإعادة أو التعليق على أي فقرة.",
            "هذا الرابط لك وحدك ويعمل أربعة عشر يومًا. يرجى عدم إعادة إرساله.",
        ),
        why="وصلتك هذه الرسالة وحدها لأن اسمك مسجل بين المعالجين في العيادة. وهي ليست نشرة بريدية.",
    ),
}

_HEBREW: dict[NoticeKind, NoticeWords] = {
    "confirm": NoticeWords(
        subject="נא לאשר: {newsletter}",
        preheader="לא נשלח אליכם דבר עד שתלחצו על הכפתור.",
        title="לשלוח אליכם את {newsletter}?",
        lead="מישהו הקליד את הכתובת הזאת בטופס של {clinic} כדי לקבל את {newsletter}. אם אלה אתם, "
        "לחצו על הכפתור.",
        button="כן, שלחו אליי",
        notes=(
            "אם לא תלחצו עליו, לא יגיע אליכם דבר נוסף.",
            "הקישור פעיל שבעה ימים. אחר כך יש לבקש שוב.",
            "אם לא אתם ביקשתם, אין צורך לעשות דבר. איש אינו יכול לרשום אתכם בלי הכפתור הזה.",
        ),
        why="קיבלתם את ההודעה היחידה הזאת כי הכתובת הוקלדה בטופס שלנו. זה אינו ידיעון.",
    ),
    "known": NoticeWords(
        subject="אתם כבר מקבלים את {newsletter}",
        preheader="דבר לא השתנה, ואין צורך לעשות דבר.",
        title="אתם כבר מקבלים את {newsletter}",
        lead="מישהו ביקש מ־{clinic} לשלוח את {newsletter} לכתובת הזאת. היא כבר ברשימה, ולכן דבר לא "
        "השתנה ואין צורך לעשות דבר.",
        button="לראות מה אתם מקבלים",
        notes=(
            "שם אפשר לשנות את מה שמגיע אליכם, או להפסיק.",
            "אם לא אתם ביקשתם: איש לא למד שאתם ברשימה.",
        ),
        why="קיבלתם את ההודעה היחידה הזאת כי הכתובת הוקלדה בטופס שלנו. זה אינו ידיעון.",
    ),
    "approve": NoticeWords(
        subject="נא לקרוא ולאשר: {article}",
        preheader="דבר לא נשלח לפני שתאשרו.",
        title="נא לקרוא לפני השליחה",
        lead="{clinic} מבקשת לשלוח את „{article}” לקוראי {newsletter}. נא לקרוא ולומר אם אפשר "
        "לשלוח.",
        button="לקריאה",
        notes=(
            "אין צורך בחשבון. אפשר לאשר, להחזיר או להעיר על כל פסקה.",
            "הקישור מיועד לכם בלבד ופעיל ארבעה עשר ימים. נא לא להעביר אותו הלאה.",
        ),
        why="קיבלתם את ההודעה היחידה הזאת כי אתם רשומים כמטפלים במרפאה. זה אינו ידיעון.",
    ),
}

NOTICES: Mapping[str, Mapping[NoticeKind, NoticeWords]] = MappingProxyType(
    {"en": _ENGLISH, "ko": _KOREAN, "es": _SPANISH, "ar": _ARABIC, "he": _HEBREW}
)


def spoken(*languages: str) -> str:
    """The first of these languages that notices have words in, as a key of :data:`NOTICES`.

    Args:
        languages: Language tags as people write them: "ko", "es-MX", "". English if none is known.
    """
    primaries = (tag.replace("_", "-").partition("-")[0].lower() for tag in languages)
    return next((primary for primary in primaries if primary in NOTICES), "en")
