from pipeline.stages.email.weight import Weight, weigh
from tests.specimens import DESIGNS, specimen


def test_every_byte_is_for_something() -> None:
    html = (
        "<!doctype html><html><head><style>p { color: red }</style>"
        '<!--[if mso]><style>p { color: blue }</style><![endif]--></head><body><p style="margin:0">'
        "é</p><!--[if !mso]><!--><b>x</b><!--<![endif]--></body></html>"
    )
    assert weigh(html) == Weight(
        styles=len("<style>p { color: red }</style>"),
        inline=len(' style="margin:0"'),
        outlook=len("<!--[if mso]><style>p { color: blue }</style><![endif]-->")
        + len("<!--[if !mso]><!--><!--<![endif]-->"),
        markup=len("<!doctype html><html><head></head><body><p></p><b></b></body></html>"),
        words=3,
    )


def test_the_parts_are_the_whole() -> None:
    for design in DESIGNS:
        for language in ("en", "ko", "ar"):
            html = specimen(language, design).html
            assert weigh(html).total == len(html.encode())


def test_an_issue_of_ordinary_length_is_far_below_what_mail_programs_cut() -> None:
    """At about 102 kB; half of it is for the words to come."""
    weights = [
        weigh(specimen(language, d).html) for d in DESIGNS for language in ("en", "ko", "es")
    ]
    assert max(weight.total for weight in weights) < 45_000
    assert max(weight.styles for weight in weights) < 5_000
