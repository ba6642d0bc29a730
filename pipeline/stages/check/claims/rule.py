"""What a rule of claims is: a value with its name, level, message and source.

Which words it looks for stands in the language packs, under the rule's ``table``.
"""

from dataclasses import dataclass

from pipeline.values import Level


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimRule:
    """One rule of claims.

    Attributes:
        code: Its name: "claim-cure".
        number: Its number in the list of checks: "C1".
        table: The table of the packs that holds its words: "cure".
        message: What is wrong; ``{words}`` stands for the words found.
        source: Address of the text it rests on.
        hedge_clears: Whether "may" or "for some people" makes the claim one that may be said.
        evidence_clears: Whether a reference in the sentence or its section does.
        negatable: Whether "not" takes it back. What "they do not want you to know" stays one.
        teases: Whether a question for it, "Can it cure migraine?", is still worth a warning.
        quoted: Whether it counts only in what somebody else is made to say.
    """

    code: str
    number: str
    table: str
    level: Level
    message: str
    source: str
    hedge_clears: bool = False
    evidence_clears: bool = False
    negatable: bool = True
    teases: bool = False
    quoted: bool = False
