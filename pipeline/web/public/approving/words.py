"""The words of the pages for practitioners: a closed list in each language we speak.

Korean sentences are built so that no particle has to agree with a name.
"""

from pipeline.web.public.approving.wording import ApprovingWords
from pipeline.web.public.words import Problem, spoken

_ENGLISH = ApprovingWords(
    language="en",
    heading="Please read “{title}” before it goes out",
    intro="You are reading as {name}. Nothing below goes out until a practitioner has approved it. "
    "Looking changes nothing.",
    changed_since="The text has changed since the mail to you was written. This is the new text; "
    "please read it, and decide about it.",
    contents="In this series",
    part="Part {part} of {of}",
    sender="From",
    on_trial="On trial with some readers:",
    goes_out="Goes out",
    no_slot="no day yet",
    receivers="Goes to",
    not_written_to="Not written to:",
    reasons={
        "left": "left",
        "unconfirmed": "not confirmed",
        "erased": "forgotten",
        "suppressed": "never written to",
        "expired": "consent ended",
        "monthly": "want the monthly digest",
        "weekly": "get the weekly letters",
        "paused": "pausing",
    },
    since="Changed since you approved it last:",
    since_nothing="Nothing has changed since you approved it.",
    pieces={
        "subject": "subject",
        "trial": "second subject",
        "preheader": "preheader",
        "html": "letter",
        "text": "text part",
        "envelope": "sender",
        "posts": "posts",
        "cards": "picture cards",
    },
    new="New",
    gone="No longer there",
    letter="The letter, as readers get it",
    letter_alone="Open the letter on its own",
    pictures="Pictures from {hosts} are not loaded here.",
    text="The text, paragraph by paragraph",
    remark="Comment",
    your_remark="Your comment",
    send_remark="Keep this comment",
    whole="Comment on the whole part",
    posts="Posts that go with it",
    cards="Picture cards",
    aloud="Read aloud in its place:",
    findings="What the checks found",
    no_findings="The checks found nothing.",
    waived="Waived",
    remarks="Comments so far",
    settled="settled",
    decide="Your decision",
    yes="Approve part {part} as {name}",
    yes_all="Approve all {count} parts as {name}",
    yes_means="Your yes is to exactly this text. If one letter of it changes, you are asked again.",
    no="Send it back",
    why="What has to change?",
    no_button="Send part {part} back",
    own="You wrote, planned or edited this part, so another person has to approve it.",
    approved_by="Approved by {name} on {day}",
    held_by="Sent back by {name}: {reason}",
    held_else="On hold: {why}",
    gone_out="This part has gone out, or will not go out.",
    nothing_left=Problem(
        "Nothing is left to decide",
        "Everything on this page was approved or sent. Thank you. You can close it.",
    ),
    done={
        "approve": "Approved. Thank you.",
        "send-back": "Sent back. It does not go out until it has changed.",
        "comment": "Your comment was kept.",
    },
    troubles={
        "changed": "Nothing was approved: the text has changed since you opened this page. Here is "
        "the new text; please read it, and decide again.",
        "own": "Nothing was approved: you wrote, planned or edited this, so another person has to.",
        "empty": "Please write a few words.",
        "long": "That was too long. Please write less.",
        "unreadable": "That could not be read, and nothing was changed. Please press again.",
    },
    ended=Problem(
        "This link has ended",
        "Links to approve work for fourteen days. Ask the clinic to send you a new one. Nothing "
        "was changed.",
    ),
    replaced=Problem(
        "There is a newer mail",
        "A newer mail asks you about the same text. Please open the link in that one. Nothing was "
        "changed.",
    ),
    withdrawn=Problem(
        "This link is no longer valid",
        "The clinic has changed who approves, or the address it was sent to. Nothing was changed.",
    ),
    sample=Problem(
        "This is a sample",
        "In the letter that readers get, each reader has a link of their own here. This one "
        "belongs to nobody and changes nothing.",
    ),
)

_KOREAN = ApprovingWords(
    language="ko",
    heading="발송 전에 읽어 주세요: “{title}”",
    intro="{name} 님으로 보고 계십니다. 의료진이 승인하기 전에는 아무것도 발송되지 않습니다. "
    "보기만 해서는 아무것도 바뀌지 않습니다.",
    changed_since="메일을 보내 드린 뒤에 글이 바뀌었습니다. 아래는 새 글입니다. 읽고 결정해 "
    "주세요.",
    contents="연재 순서",
    part="{of}편 중 {part}편",
    sender="보낸 사람",
    on_trial="일부 독자에게 시험하는 제목:",
    goes_out="발송 시각",
    no_slot="아직 정해지지 않음",
    receivers="받는 사람",
    not_written_to="발송 제외:",
    reasons={
        "left": "구독 해지",
        "unconfirmed": "미확인",
        "erased": "삭제됨",
        "suppressed": "발송 금지",
        "expired": "동의 기간 만료",
        "monthly": "월간 모음 수신",
        "weekly": "매주 편지 수신",
        "paused": "일시 중지",
    },
    since="지난번 승인하신 뒤 바뀐 것:",
    since_nothing="승인하신 뒤 바뀐 것이 없습니다.",
    pieces={
        "subject": "제목",
        "trial": "두 번째 제목",
        "preheader": "미리보기 문구",
        "html": "편지",
        "text": "텍스트 본문",
        "envelope": "보낸 사람",
        "posts": "게시물",
        "cards": "그림 카드",
    },
    new="새 문단",
    gone="삭제된 문단",
    letter="구독자가 받는 편지 그대로",
    letter_alone="편지만 따로 열기",
    pictures="{hosts} 그림은 여기서 불러오지 않습니다.",
    text="문단별 본문",
    remark="의견 남기기",
    your_remark="의견",
    send_remark="의견 저장",
    whole="이 편 전체에 대한 의견",
    posts="함께 나가는 게시물",
    cards="그림 카드",
    aloud="그림 대신 읽어 드리는 글:",
    findings="점검 결과",
    no_findings="점검에서 발견된 것이 없습니다.",
    waived="허용됨",
    remarks="지금까지의 의견",
    settled="처리됨",
    decide="결정",
    yes="{part}편 승인 ({name})",
    yes_all="{count}편 모두 승인 ({name})",
    yes_means="바로 이 글에 대한 승인입니다. 한 글자라도 바뀌면 다시 여쭙습니다.",
    no="돌려보내기",
    why="무엇을 고쳐야 합니까?",
    no_button="{part}편 돌려보내기",
    own="직접 쓰거나 계획하거나 고치신 글이므로 다른 사람이 승인해야 합니다.",
    approved_by="승인: {name}, {day}",
    held_by="돌려보냄: {name}. 이유: {reason}",
    held_else="보류 중: {why}",
    gone_out="이미 발송되었거나 발송되지 않을 글입니다.",
    nothing_left=Problem(
        "결정하실 것이 남아 있지 않습니다",
        "이 페이지의 글은 모두 승인되었거나 발송되었습니다. 감사합니다. 페이지를 닫으셔도 됩니다.",
    ),
    done={
        "approve": "승인되었습니다. 감사합니다.",
        "send-back": "돌려보냈습니다. 글이 바뀌기 전에는 발송되지 않습니다.",
        "comment": "의견이 저장되었습니다.",
    },
    troubles={
        "changed": "승인되지 않았습니다. 페이지를 여신 뒤에 글이 바뀌었습니다. 아래의 새 글을 읽고 "
        "다시 결정해 주세요.",
        "own": "승인되지 않았습니다. 직접 쓰거나 계획하거나 고치신 글이므로 다른 사람이 승인해야 "
        "합니다.",
        "empty": "내용을 적어 주세요.",
        "long": "너무 깁니다. 줄여서 적어 주세요.",
        "unreadable": "요청을 읽을 수 없어 아무것도 바꾸지 않았습니다. 다시 눌러 주세요.",
    },
    ended=Problem(
        "링크의 기한이 지났습니다",
        "승인 링크는 14일 동안 쓸 수 있습니다. 새 링크를 요청해 주세요. 바뀐 것은 없습니다.",
    ),
    replaced=Problem(
        "더 새로운 메일이 있습니다",
        "같은 글에 대한 메일을 새로 보내 드렸습니다. 그 메일의 링크를 열어 주세요. 바뀐 것은 "
        "없습니다.",
    ),
    withdrawn=Problem(
        "더 이상 쓸 수 없는 링크입니다",
        "승인하는 사람이나 메일 주소가 바뀌었습니다. 바뀐 것은 없습니다.",
    ),
    sample=Problem(
        "견본입니다",
        "구독자가 받는 편지에는 이 자리에 각자의 링크가 있습니다. 이 링크는 누구의 것도 아니며 "
        "아무것도 바꾸지 않습니다.",
    ),
)

_SPANISH = ApprovingWords(
    language="es",
    heading="Lea «{title}» antes de que se envíe, por favor",
    intro="Está leyendo como {name}. Nada de lo siguiente se envía hasta que lo apruebe un "
    "profesional. Mirar no cambia nada.",
    changed_since="El texto ha cambiado desde que le escribimos. Este es el texto nuevo: léalo, "
    "por favor, y decida sobre él.",
    contents="En esta serie",
    part="Parte {part} de {of}",
    sender="De",
    on_trial="A prueba con algunos lectores:",
    goes_out="Se envía",
    no_slot="todavía sin día",
    receivers="Para",
    not_written_to="No se escribe a:",
    reasons={
        "left": "de baja",
        "unconfirmed": "sin confirmar",
        "erased": "olvidados",
        "suppressed": "excluidos para siempre",
        "expired": "consentimiento vencido",
        "monthly": "prefieren el resumen mensual",
        "weekly": "reciben las cartas semanales",
        "paused": "en pausa",
    },
    since="Ha cambiado desde su última aprobación:",
    since_nothing="Nada ha cambiado desde que lo aprobó.",
    pieces={
        "subject": "asunto",
        "trial": "segundo asunto",
        "preheader": "texto de vista previa",
        "html": "carta",
        "text": "versión en texto",
        "envelope": "remitente",
        "posts": "publicaciones",
        "cards": "tarjetas",
    },
    new="Nuevo",
    gone="Ya no está",
    letter="La carta, tal como llega a los lectores",
    letter_alone="Abrir solo la carta",
    pictures="Las imágenes de {hosts} no se cargan aquí.",
    text="El texto, párrafo a párrafo",
    remark="Comentar",
    your_remark="Su comentario",
    send_remark="Guardar el comentario",
    whole="Comentar la parte entera",
    posts="Publicaciones que la acompañan",
    cards="Tarjetas",
    aloud="Se lee en su lugar:",
    findings="Lo que hallaron las comprobaciones",
    no_findings="Las comprobaciones no hallaron nada.",
    waived="Admitido",
    remarks="Comentarios hasta ahora",
    settled="resuelto",
    decide="Su decisión",
    yes="Aprobar la parte {part} como {name}",
    yes_all="Aprobar las {count} partes como {name}",
    yes_means="Su sí vale para este texto exacto. Si cambia una sola letra, se le pregunta de "
    "nuevo.",
    no="Devolver",
    why="¿Qué hay que cambiar?",
    no_button="Devolver la parte {part}",
    own="Usted escribió, planificó o editó esta parte, así que debe aprobarla otra persona.",
    approved_by="Aprobado por {name} el {day}",
    held_by="Devuelto por {name}: {reason}",
    held_else="Retenido: {why}",
    gone_out="Esta parte ya se envió o no se enviará.",
    nothing_left=Problem(
        "No queda nada por decidir",
        "Todo lo de esta página está aprobado o enviado. Gracias. Puede cerrarla.",
    ),
    done={
        "approve": "Aprobado. Gracias.",
        "send-back": "Devuelto. No se envía hasta que haya cambiado.",
        "comment": "Su comentario se ha guardado.",
    },
    troubles={
        "changed": "No se ha aprobado nada: el texto cambió después de que abriera esta página. "
        "Este es el texto nuevo; léalo, por favor, y decida de nuevo.",
        "own": "No se ha aprobado nada: usted escribió, planificó o editó esto, así que debe "
        "hacerlo otra persona.",
        "empty": "Escriba unas palabras, por favor.",
        "long": "Era demasiado largo. Escriba menos, por favor.",
        "unreadable": "No se pudo leer y no se ha cambiado nada. Pulse de nuevo, por favor.",
    },
    ended=Problem(
        "Este enlace ha caducado",
        "Los enlaces para aprobar funcionan catorce días. Pida uno nuevo a la clínica. No se ha "
        "cambiado nada.",
    ),
    replaced=Problem(
        "Hay un correo más reciente",
        "Un correo más reciente le pregunta por el mismo texto. Abra el enlace de ese, por favor. "
        "No se ha cambiado nada.",
    ),
    withdrawn=Problem(
        "Este enlace ya no es válido",
        "La clínica ha cambiado quién aprueba o la dirección a la que se envió. No se ha cambiado "
        "nada.",
    ),
    sample=Problem(
        "Esto es una muestra",
        "En la carta que reciben los lectores, aquí hay un enlace propio de cada uno. Este no es "
        "de nadie y no cambia nada.",
    ),
)

_ALL = {words.language: words for words in (_ENGLISH, _KOREAN, _SPANISH)}


def approving_words(*languages: str) -> ApprovingWords:
    """The words in the first of these languages that we speak, else in English."""
    return _ALL[spoken(*languages)]
