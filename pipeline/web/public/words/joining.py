"""The words of joining and of confirming, in each language we speak.

``{newsletter}`` and ``{clinic}`` are names as the clinic wrote them; ``this_newsletter`` stands in
where the name is no longer known.
"""

from dataclasses import dataclass

from pipeline.web.public.words import spoken


@dataclass(frozen=True, slots=True)
class Passage:
    """What a page says: its title, and what it means for whoever reads it."""

    title: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Joining:
    """All words of joining in one language (``language``: a BCP 47 tag; ``called``: its name).

    Attributes:
        consent: What a person agrees to by the button. It is stored as it was read.
        trap: Beside the field that no person sees and every program fills in.
    """

    language: str
    called: str
    this_newsletter: str
    choose: Passage
    none: str
    title: str
    weekly: str
    address: str
    name: str
    optional: str
    no_answer: str
    consent: str
    button: str
    then: str
    trap: str
    other_languages: str
    quick: str
    once_more: str
    address_wrong: str
    name_wrong: str
    field_wrong: str
    sent: Passage
    nothing_came: str
    network_is_full: Passage
    newsletter_rests: Passage
    asks: Passage
    yes: str
    not_me: str
    joined: Passage
    leave: str
    ended: Passage
    anew: str


_ENGLISH = Joining(
    language="en",
    called="English",
    this_newsletter="this newsletter",
    choose=Passage("Our newsletters", "Which one would you like to be sent?"),
    none="There is no newsletter to ask for at the moment.",
    title="Subscribe to {newsletter}",
    weekly="A letter by email from {clinic}, once a week at most.",
    address="Email address",
    name="Name",
    optional="optional",
    no_answer="No answer",
    consent="By pressing the button I ask {clinic} to send me {newsletter} by email, once a week "
    "at most. I can stop it at any time with the link in every letter.",
    button="Subscribe to {newsletter}",
    then="You will get one email that asks you to confirm. Until you do, nothing else is sent.",
    trap="Leave this empty",
    other_languages="This page in other languages",
    quick="That was very quick. Please press the button once more, so that we know you are no "
    "program.",
    once_more="Please read this page once more, and press the button if it is right.",
    address_wrong="This is not one email address. Write it like ana@example.com.",
    name_wrong="Write the name on one line, in 200 characters at most.",
    field_wrong="This answer cannot be kept. Choose or write another one, and nothing about your "
    "health.",
    sent=Passage(
        "Please look in your inbox",
        "An email with a button is on its way to you. {newsletter} begins when you press it.",
    ),
    nothing_came="It may take a few minutes. If nothing comes, look in the spam folder, and see "
    "whether the address was right. We write to an address once a day at most: if you asked "
    "earlier today, look for that email. The button works for seven days.",
    network_is_full=Passage(
        "Please try again in an hour",
        "Many requests came from your network within an hour. So that nobody can misuse this "
        "page, we take no more of them for now. Nothing was sent.",
    ),
    newsletter_rests=Passage(
        "Please try again in an hour",
        "Unusually many people asked for {newsletter} within an hour. So that nobody can misuse "
        "this page, it rests for a while. Nothing was sent.",
    ),
    asks=Passage(
        "Would you like {newsletter}?",
        "Somebody asked for it with your address. If it was you, press the button. Until then, "
        "nothing is sent.",
    ),
    yes="Yes, send me {newsletter}",
    not_me="If it was not you, close this page. Nothing will be sent.",
    joined=Passage(
        "You are on the list",
        "You will be sent {newsletter}, beginning with the next letter.",
    ),
    leave="You can stop it at any time with the link in every letter.",
    ended=Passage(
        "This link no longer works",
        "A link to confirm works for seven days and can be used once. Nothing was changed.",
    ),
    anew="Ask for {newsletter} again",
)

_KOREAN = Joining(
    language="ko",
    called="한국어",
    this_newsletter="이 뉴스레터",
    choose=Passage("뉴스레터", "받아 보실 뉴스레터를 골라 주세요."),
    none="지금은 신청할 수 있는 뉴스레터가 없습니다.",
    title="{newsletter} 구독",
    weekly="{clinic} 이메일 뉴스레터, 많아야 일주일에 한 통입니다.",
    address="이메일 주소",
    name="이름",
    optional="선택 사항",
    no_answer="답하지 않음",
    consent="버튼을 누르면 {clinic} 측에 {newsletter} 이메일 발송을 요청하게 됩니다. 많아야 "
    "일주일에 한 통이며, 모든 메일에 있는 링크로 언제든지 해지할 수 있습니다.",
    button="{newsletter} 구독 신청",
    then="확인 메일을 한 통 보내 드립니다. 확인하시기 전에는 다른 메일을 보내지 않습니다.",
    trap="비워 두세요",
    other_languages="다른 언어로 보기",
    quick="너무 빨리 눌렀습니다. 프로그램이 아님을 알 수 있도록 버튼을 한 번 더 눌러 주세요.",
    once_more="내용을 다시 읽어 보시고, 맞으면 버튼을 눌러 주세요.",
    address_wrong="이메일 주소가 아닙니다. ana@example.com 같은 주소 하나를 적어 주세요.",
    name_wrong="이름은 한 줄로, 200자까지 적어 주세요.",
    field_wrong="이 답은 저장할 수 없습니다. 다르게 고르거나 적어 주시고, 건강에 관한 내용은 "
    "적지 마세요.",
    sent=Passage(
        "받은편지함을 확인해 주세요",
        "버튼이 있는 메일을 보내 드립니다. 그 버튼을 누르면 {newsletter} 구독이 시작됩니다.",
    ),
    nothing_came="몇 분 걸릴 수 있습니다. 메일이 오지 않으면 스팸함을 보시고, 주소가 맞는지 "
    "확인해 주세요. 한 주소에는 하루에 한 통만 보내므로, 오늘 이미 신청하셨다면 그 메일을 찾아 "
    "주세요. 버튼은 7일 동안 쓸 수 있습니다.",
    network_is_full=Passage(
        "한 시간 뒤에 다시 시도해 주세요",
        "사용하시는 네트워크에서 한 시간 동안 많은 신청이 들어왔습니다. 이 페이지가 악용되지 "
        "않도록 잠시 받지 않습니다. 발송된 메일은 없습니다.",
    ),
    newsletter_rests=Passage(
        "한 시간 뒤에 다시 시도해 주세요",
        "한 시간 동안 {newsletter} 신청이 평소보다 많았습니다. 이 페이지가 악용되지 않도록 잠시 "
        "받지 않습니다. 발송된 메일은 없습니다.",
    ),
    asks=Passage(
        "{newsletter} 구독을 시작할까요?",
        "누군가 이 이메일 주소로 구독을 신청했습니다. 본인이 신청하셨다면 버튼을 눌러 주세요. "
        "누르기 전에는 아무것도 보내지 않습니다.",
    ),
    yes="네, {newsletter} 구독하기",
    not_me="신청하신 적이 없다면 이 페이지를 닫아 주세요. 아무것도 보내지 않습니다.",
    joined=Passage(
        "구독 중입니다",
        "다음 호부터 {newsletter} 메일을 보내 드립니다.",
    ),
    leave="모든 메일에 있는 링크로 언제든지 해지할 수 있습니다.",
    ended=Passage(
        "더 이상 쓸 수 없는 링크입니다",
        "확인 링크는 7일 동안, 한 번만 쓸 수 있습니다. 바뀐 것은 없습니다.",
    ),
    anew="{newsletter} 다시 신청하기",
)

_SPANISH = Joining(
    language="es",
    called="Español",
    this_newsletter="este boletín",
    choose=Passage("Nuestros boletines", "¿Cuál le gustaría recibir?"),
    none="En este momento no hay ningún boletín que pedir.",
    title="Suscribirse a {newsletter}",
    weekly="Una carta por correo electrónico de {clinic}, como mucho una vez por semana.",
    address="Correo electrónico",
    name="Nombre",
    optional="opcional",
    no_answer="Sin respuesta",
    consent="Al pulsar el botón pido a {clinic} que me envíe {newsletter} por correo electrónico, "
    "como mucho una vez por semana. Puedo dejarlo cuando quiera con el enlace de cada carta.",
    button="Suscribirme a {newsletter}",
    then="Recibirá un correo para confirmar. Hasta que lo haga no se envía nada más.",
    trap="Deje esto vacío",
    other_languages="Esta página en otros idiomas",
    quick="Ha sido muy rápido. Pulse el botón otra vez, para saber que no es un programa.",
    once_more="Lea esta página otra vez y pulse el botón si es correcta.",
    address_wrong="Esto no es una dirección de correo. Escríbala como ana@example.com.",
    name_wrong="Escriba el nombre en una línea, con 200 caracteres como mucho.",
    field_wrong="Esta respuesta no se puede guardar. Elija o escriba otra, y nada sobre su salud.",
    sent=Passage(
        "Mire su bandeja de entrada",
        "Le llegará un correo con un botón. {newsletter} empieza cuando lo pulse.",
    ),
    nothing_came="Puede tardar unos minutos. Si no llega nada, mire en el correo no deseado y "
    "compruebe que la dirección era correcta. Escribimos a cada dirección como mucho una vez al "
    "día: si ya lo pidió hoy, busque ese correo. El botón funciona durante siete días.",
    network_is_full=Passage(
        "Inténtelo de nuevo dentro de una hora",
        "Han llegado muchas peticiones desde su red en una hora. Para que nadie abuse de esta "
        "página, de momento no admitimos más. No se ha enviado nada.",
    ),
    newsletter_rests=Passage(
        "Inténtelo de nuevo dentro de una hora",
        "Más personas de lo habitual han pedido {newsletter} en una hora. Para que nadie abuse de "
        "esta página, descansa un rato. No se ha enviado nada.",
    ),
    asks=Passage(
        "¿Quiere recibir {newsletter}?",
        "Alguien lo ha pedido con su dirección. Si ha sido usted, pulse el botón. Hasta entonces "
        "no se envía nada.",
    ),
    yes="Sí, quiero recibir {newsletter}",
    not_me="Si no ha sido usted, cierre esta página. No se enviará nada.",
    joined=Passage(
        "Ya está en la lista",
        "Se le enviará {newsletter} a partir de la próxima carta.",
    ),
    leave="Puede dejarlo cuando quiera con el enlace de cada carta.",
    ended=Passage(
        "Este enlace ya no funciona",
        "Un enlace de confirmación funciona durante siete días y una sola vez. No se ha cambiado "
        "nada.",
    ),
    anew="Pedir {newsletter} otra vez",
)

JOINING = {words.language: words for words in (_ENGLISH, _KOREAN, _SPANISH)}


def joining_words(*languages: str) -> Joining:
    """The words of joining in the first of these languages that we speak, else in English."""
    return JOINING[spoken(*languages)]
