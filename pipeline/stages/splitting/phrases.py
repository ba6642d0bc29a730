"""Words and signs that tell a heading from a sentence, in the languages we know."""

import re

SENTENCE_INSIDE = re.compile(r"[.!?…][\"”’)]?\s+[^\W\d_a-z]|[。！？].")

MARKS: dict[str, re.Pattern[str]] = {
    "several sentences": SENTENCE_INSIDE,
    "Korean sentence": re.compile(r"(?:다|요|죠|까|음|함|됨|임)[.!]?$"),
    "code": re.compile(r"https?://|www\.|\S+@\S+\.\w|[{};=<>\\]|\(\)|\w/\w+/|^[$>]\s"),
    "handle": re.compile(r"(?<=[\s(])@\w"),
    "speaker": re.compile(r"^[^\W\d_][^:.!?]{0,24}[:：]\s"),
    "leads on": re.compile(r"→|»|>>|\bnext\b\s*:|\bprevious\b\s*:|\bread more\b", re.IGNORECASE),
    "pronoun": re.compile(
        r"\b(?:i|we|you|he|she|they|it|this|that|these|those|there|here)\b", re.IGNORECASE
    ),
    "verb": re.compile(
        r"\b(?:is|are|was|were|has|have|had|can|will|would|should|may|might|must|do|does|did"
        r"|es|son|est|sont)\b",
        re.IGNORECASE,
    ),
    "comma inside": re.compile(r"[,;，、]\s"),
    "colon inside": re.compile(r"[:：]\s"),
    "bracketed end": re.compile(r"\)$"),
}

WHOLES: dict[str, re.Pattern[str]] = {
    "caption": re.compile(
        r"(?:photo|image|picture|figure|fig\.|source|credit|table|foto|imagen|fuente|사진|그림|출처"
        r"|표)\b\s*(?:by|[:.]|\d|\().*|.*\b(?:photo by|screenshot|courtesy of)\b.*",
        re.IGNORECASE,
    ),
    "label": re.compile(
        r"(?:notes?|tips?|warning|important|examples?|e\.g\.|for example|update|edit|ps|p\.s\."
        r"|nota|ejemplo|주의|참고|예시|예)\s*[:.]?",
        re.IGNORECASE,
    ),
    "signature": re.compile(
        r".{1,24}\s(?:드림|씀|올림|배상)"
        r"|(?:with )?(?:(?:warm|warmest|kind|best) )?(?:regards|wishes),?|sincerely,?|warmly,?"
        r"|yours(?: truly| sincerely)?,?|un (?:cordial |fuerte )?(?:abrazo|saludo),?|atentamente,?",
        re.IGNORECASE,
    ),
    "points elsewhere": re.compile(
        r"(?:in|on) this (?:article|page|post)|related (?:articles|posts)|you may also like"
        r"|share this(?: \w+)?|en este artículo|también te puede interesar|artículos relacionados"
        r"|이 글의 순서|관련 글|함께 읽으면 좋은 글",
        re.IGNORECASE,
    ),
    "usual heading": re.compile(
        r"(?:(?:in )?(?:conclusions?|summary)|references?|sources|further reading|introduction"
        r"|overview|background|faqs?|frequently asked questions|resources|disclaimer"
        r"|final thoughts|closing thoughts|(?:key )?takeaways|next steps|the bottom line|tl;?dr"
        r"|about the author|acknowledge?ments|contact"
        r"|conclusi[oó]n(?:es)?|(?:en )?resumen|referencias|introducci[oó]n|fuentes|recursos|aviso"
        r"|preguntas frecuentes|ressources|références|résumé"
        r"|결론|마무리|마치며|참고\s?문헌|참고\s?자료|출처|서론|들어가며|요약|개요|정리)\s*[:.]?",
        re.IGNORECASE,
    ),
    "opener": re.compile(
        r"(?:how|why|what|when|where|who|which|can|is|are|does|do|should|will"
        r"|qué|cómo|cuándo|por qué|quién|pourquoi|comment|quand|wie|warum|was)\b.*"
        r"|.*(?:란|이란|일까|인가|방법|이유)\b.*",
        re.IGNORECASE,
    ),
    "joining word first": re.compile(
        r"(?:and|but|so|or|because|then|also|however|for example|y|pero|et|mais|und|aber"
        r"|그리고|하지만|그러나|또한|따라서)\b.*",
        re.IGNORECASE,
    ),
}
