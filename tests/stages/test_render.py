import re
from dataclasses import replace

import pytest

from pipeline.stages.email.page import Image, Link, page
from pipeline.stages.merge import marks
from pipeline.stages.plan import plan
from pipeline.stages.splitting.byline import people
from pipeline.values import (
    Article,
    Block,
    Design,
    Person,
    Run,
    plain,
)
from tests.samples import article, block, configuration, paragraph, section
from tests.specimens import DESIGNS
from tests.stages.letters import clinic, first, lines, one_block, rendered

# --- What both forms show -------------------------------------------------------------------------


def test_each_planned_issue_is_rendered_with_its_inbox_lines() -> None:
    planned = plan(article()).issues
    assert [(i.part, i.of, i.subject, i.preheader) for i in rendered()] == [
        (i.part, i.of, i.subject, i.preheader) for i in planned
    ]


def test_programs_are_told_what_readers_see() -> None:
    about = first().about
    assert (about.language, about.minutes) == ("en", 1)
    assert about.authors == article().people
    assert about.reviewers == ()
    assert about.why.startswith("You get this letter on Tuesdays")


@pytest.mark.parametrize(
    ("byline", "authors", "reviewers"),
    [
        ("", [], []),
        ("Mara Ellison. Reviewed by Tom Reyes", ["Mara Ellison"], ["Tom Reyes"]),
        ("Mara Ellison with the team", ["Mara Ellison with the team"], []),
    ],
)
def test_the_byline_tells_who_wrote_and_who_read_it_over(
    byline: str, authors: list[str], reviewers: list[str]
) -> None:
    about = first(replace(article(), byline=byline, people=people(byline))).about
    assert [person.name for person in about.authors] == authors
    assert [person.name for person in about.reviewers] == reviewers


@pytest.mark.parametrize("design", DESIGNS)
def test_without_an_archive_no_letter_leads_to_a_page(design: Design) -> None:
    made = configuration()
    changed = replace(made.newsletters[0], archive="off", design=design)
    issues = rendered(configured=replace(made, newsletters=(changed,)))
    for issue in issues:
        assert not set(marks(issue.html + issue.text)) & {"view_url", "archive_url"}
        assert "View in browser" not in issue.html + issue.text
    assert "Previously: Small Vessels: Room for the Blood" in " ".join(
        page(issues[1].html).text.split()
    )
    assert "Previously: Small Vessels: Room for the Blood" in " ".join(issues[1].text.split())


def test_the_first_issue_opens_with_title_byline_and_lead() -> None:
    assert lines(first())[:14] == [
        "H",
        "\u200b",
        "The Harbour Letter",
        "Harbour Street Acupuncture",
        "Part 1 of 3",
        "\u200b",
        "\u200b",
        "\u200b",
        "\u200b",
        "\u200b",
        "Why Warmth Helps: Three Small Answers to a Stiff Neck",
        "ME",
        "\u200b",
        "Mara Ellison, DAcOM, L.Ac.",
    ]
    assert lines(first())[14:20] == [
        "Licensed acupuncturist 1 min read",
        plain(article().lead[0].text),
        "1",
        "\u200b",
        "Small Vessels: Room for the Blood",
        plain(article().sections[0].blocks[0].text).replace(" [1]", "\u00a0[1]"),
    ]


def test_a_later_issue_opens_with_its_section_and_the_series() -> None:
    seen = [line for line in lines(rendered()[1]) if line != "\u200b"]
    assert seen[3:9] == [
        "Part 2 of 3\xa0 Why Warmth Helps: Three Small Answers to a Stiff Neck",
        "Previously: Small Vessels: Room for the Blood",
        "2",
        "Muscle: Letting Go by Degrees",
        "ME",
        "Mara Ellison, DAcOM, L.Ac.",
    ]


def test_neighbours_are_named_by_their_headings() -> None:
    seen = [line for line in lines(rendered()[1]) if line != "\u200b"]
    start = seen.index("In the next letter · Part 3 of 3")
    assert seen[start : start + 6] == [
        "In the next letter · Part 3 of 3",
        "Nerves: A Quieter Message",
        "In this series",
        "Small Vessels: Room for the Blood",
        "Muscle: Letting Go by Degrees (this letter)",
        "Nerves: A Quieter Message",
    ]


def test_the_ends_of_a_series_have_one_neighbour() -> None:
    begin, _, end = rendered()
    assert "Previously" not in begin.html + begin.text
    assert "In the next letter" not in end.html + end.text


def test_a_single_issue_speaks_of_no_series() -> None:
    issue = first(replace(article(), sections=()))
    assert "Part 1" not in issue.html + issue.text
    assert "letter ·" not in issue.html + issue.text
    assert "In this series" not in issue.html + issue.text


def test_every_issue_has_exactly_one_first_heading() -> None:
    assert [issue.html.count("<h1") for issue in rendered()] == [1, 1, 1]


def test_an_article_without_a_title_has_no_empty_heading() -> None:
    issue = first(Article(slug="a", language="en", title="", lead=(paragraph("Only this."),)))
    assert "<h1" not in issue.html
    assert "Only this." in page(issue.html).text
    assert "=" not in issue.text.replace("https://", "")


def test_an_empty_article_still_makes_a_letter() -> None:
    issue = first(Article(slug="a", language="en", title=""))
    assert "Unsubscribe" in page(issue.html).text


def test_subtitle_and_date_stand_in_the_first_issue_only() -> None:
    issues = rendered(replace(article(), subtitle="A small thing", date_line="5 March 2027"))
    for form in ("html", "text"):
        assert ["A small thing" in getattr(issue, form) for issue in issues] == [True, False, False]
        assert ["5 March 2027" in getattr(issue, form) for issue in issues] == [True, False, False]


def test_a_date_needs_no_byline() -> None:
    issue = first(replace(article(), byline="", people=(), date_line="5 March 2027"))
    assert "5 March 2027" in page(issue.html).text
    assert "5 March 2027" in issue.text


CALL = (block("paragraph", "Ready to turn your head again? Book a visit."),)


def test_the_call_to_action_ends_the_last_issue_only() -> None:
    words = "Ready to turn your head again? Book a visit."
    issues = rendered(replace(article(), call_to_action=CALL))
    for form in ("html", "text"):
        assert [words in getattr(issue, form) for issue in issues] == [False, False, True]
    seen = lines(issues[2])
    assert seen[seen.index(words) - 1].startswith("Take a warm towel")


def test_the_call_to_action_keeps_its_heading() -> None:
    made = replace(article(), call_to_action=CALL, call_to_action_heading="Come and see us")
    last = rendered(made)[2]
    seen = lines(last)
    assert seen[seen.index("Come and see us") + 1] == "Ready to turn your head again? Book a visit."
    assert "Come and see us\n---------------" in last.text


def test_an_article_of_one_issue_shows_its_call_to_action() -> None:
    made = replace(article(), sections=(), references=(), call_to_action=CALL)
    assert "Book a visit." in page(first(made).html).text


def test_the_disclaimer_is_in_every_issue() -> None:
    words = "This article is for learning and does not replace a visit."
    assert all(words in page(i.html).text and words in i.text for i in rendered())


def test_a_disclaimer_may_hold_lists_and_tables() -> None:
    table = Block(kind="table", rows=(((Run("A"),), (Run("B"),)),))
    issue = first(replace(article(), disclaimer=(block("bullets", "One\nTwo"), table)))
    seen = lines(issue)
    assert seen[seen.index("One") : seen.index("One") + 3] == ["One", "Two", "A B"]


def test_references_keep_their_numbers() -> None:
    last = rendered()[2]
    assert re.search(r'<li [^>]*value="2"', last.html)
    assert (
        "[2] Placeholder C. How long does warmth last?\n    https://example.com/ref/2" in last.text
    )


def test_deeper_sections_are_smaller_headings_with_their_number() -> None:
    made = replace(
        article(),
        sections=(section("One", number="1"), section("Deep", "Words.", number="1.1", level=2)),
    )
    issue = first(made)
    assert re.search(r"<h3[^>]*>1\.1&nbsp; Deep</h3>|<h3[^>]*>1\.1\u00a0 Deep</h3>", issue.html)
    assert "1.1. Deep\n·········" in issue.text


# --- Byline ---------------------------------------------------------------------------------------


def test_people_who_are_not_all_of_the_byline_give_way_to_it() -> None:
    made = replace(article(), byline="Mara Ellison, DAcOM, L.Ac., with Jun Park")
    issue = first(made)
    assert "Mara Ellison, DAcOM, L.Ac., with Jun Park" in lines(issue)
    assert "By Mara Ellison, DAcOM, L.Ac., with Jun Park" in issue.text


def test_a_label_that_says_only_that_someone_wrote_it_is_not_said_twice() -> None:
    people = (Person(name="Jun Park"),)
    issue = first(replace(article(), byline="Author: Jun Park", people=people))
    assert "Jun Park" in lines(issue)
    assert "By Jun Park" in issue.text
    assert "Author" not in issue.text


def test_a_reviewer_is_not_shown_as_the_author() -> None:
    people = (Person(name="Jun Park", credentials=("MD",)),)
    issue = first(replace(article(), byline="Reviewed by Jun Park, MD", people=people))
    assert "Reviewed by Jun Park, MD" in lines(issue)
    assert "\nReviewed by Jun Park, MD\n" in issue.text


def test_each_person_has_a_line_of_their_own() -> None:
    people = (Person(name="Mara Ellison", credentials=("L.Ac.",)), Person(name="Jun Park"))
    made = replace(article(), byline="Mara Ellison, L.Ac., Jun Park", people=people)
    seen = [line for line in lines(first(made)) if line != "\u200b"]
    start = seen.index("Mara Ellison, L.Ac.")
    assert seen[start - 1 : start + 4] == [
        "ME",
        "Mara Ellison, L.Ac.",
        "Licensed acupuncturist",
        "JP",
        "Jun Park",
    ]


@pytest.mark.parametrize(
    ("name", "initials"),
    [
        ("Mara Ellison", "ME"),
        ("mara van den Ellison", "ME"),
        ("Mara", "M"),
        ("배지원", "배"),
        ("Élodie Roy", "É"),
        ("(Mara) “Jo” Ellison", "E"),
        ("—", ""),
    ],
)
def test_initials_are_those_of_first_and_last_name(name: str, initials: str) -> None:
    made = replace(article(), byline=name, people=(Person(name=name),))
    seen = [line for line in lines(first(made)) if line != "\u200b"]
    before = seen[seen.index(name) - 1]
    assert before == (initials or "Why Warmth Helps: Three Small Answers to a Stiff Neck")


def test_a_practitioner_is_known_by_name_whatever_its_case() -> None:
    made = replace(article(), byline="MARA ELLISON", people=(Person(name="MARA ELLISON"),))
    assert "Licensed acupuncturist 1 min read" in lines(first(made))


def test_a_stranger_has_no_title() -> None:
    made = replace(article(), byline="Jun Park", people=(Person(name="Jun Park"),))
    issue = first(made)
    assert "Licensed acupuncturist" not in issue.html + issue.text


def test_an_article_without_byline_names_nobody() -> None:
    issue = first(replace(article(), byline="", people=()))
    assert "By " not in issue.text
    assert "ME" not in lines(issue)


# --- Blocks ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("made", "html", "text"),
    [
        (paragraph("Warm & slow"), r"<p [^>]*>Warm &amp; slow</p>", "\nWarm & slow\n"),
        (block("bullets", "one\ntwo"), r"<ul [^>]*><li [^>]*>one</li>", "\n  *  one\n  *  two\n"),
        (
            block("numbered", "one\ntwo"),
            r'<ol [^>]*start="1"|<ol start="1"',
            "\n  1. one\n  2. two\n",
        ),
        (
            Block(kind="numbered", items=((Run("nine"),), (Run("ten"),)), start=9),
            r'<ol [^>]*start="9"|<ol start="9"',
            "\n  9. nine\n 10. ten\n",
        ),
        (
            block("quotation", "It makes room."),
            r"<p [^>]*>It makes room\.</p>",
            "\n    It makes room.\n",
        ),
        (
            block("code", "if x:\n    y"),
            r"if x:<br ?/?>(&nbsp;|\u00a0){4}y",
            "\n    if x:\n        y\n",
        ),
        (
            Block(kind="table", rows=(((Run("A"),),), ((Run("b"),),))),
            r"<th [^>]*>A</th></tr><tr><td [^>]*>b</td>",
            "\nA\n-\nb\n",
        ),
        (
            Block(kind="image", text=(Run("A hand"),), target="https://x.example.com/a.png"),
            r'<img [^>]*alt="A hand"',
            "\n[Picture: A hand]\nhttps://x.example.com/a.png\n",
        ),
        (
            Block(kind="image", text=(Run("A hand"),), target="data:image/png;base64,x"),
            r"<div [^>]*>A hand</div>",
            "\n[Picture: A hand]\n",
        ),
        (
            Block(kind="paragraph", text=(Run("Read "), Run("more", link="https://x.example.com"))),
            r'Read <a [^>]*href="https://x.example.com"[^>]*>more</a>',
            "\nRead more [1]\n",
        ),
        (
            Block(kind="bullets", items=((Run("more", link="https://x.example.com"),),)),
            r'<a [^>]*href="https://x.example.com"',
            "\n  *  more [1]\n",
        ),
        (
            Block(kind="table", rows=(((Run("more", link="https://x.example.com"),),),)),
            r'<a [^>]*href="https://x.example.com"',
            "\nmore [1]\n--------\n",
        ),
    ],
)
def test_each_kind_of_block_has_its_form(made: Block, html: str, text: str) -> None:
    issue = one_block(made)
    assert re.search(html, issue.html)
    assert text in issue.text


@pytest.mark.parametrize("target", ["javascript:alert(1)", "data:x", "file:///x", " vbscript:x"])
def test_an_image_with_a_strange_address_shows_its_words_only(target: str) -> None:
    issue = one_block(Block(kind="image", text=(Run("A hand"),), target=target))
    assert page(issue.html).images == ()
    assert target.strip() not in issue.html + issue.text
    assert "A hand" in page(issue.html).text


def test_styles_are_left_out_of_an_alternative_text() -> None:
    words = (Run("A "), Run("warm", bold=True), Run("\nhand", link="https://x.example.com"))
    issue = one_block(Block(kind="image", text=words, target="https://x.example.com/a.png"))
    assert [image.alt for image in page(issue.html).images] == ["A warm hand"]


@pytest.mark.parametrize("target", ["hand.png", "/a/b:c.png", "http://x.example.com/hand.png"])
def test_an_image_that_cannot_be_opened_is_kept_for_the_check_to_find(target: str) -> None:
    issue = one_block(Block(kind="image", text=(Run("A hand"),), target=target))
    (image,) = page(issue.html).images
    assert image == Image(target, "A hand", decorative=False, width=image.width)


def test_nothing_is_loaded_but_the_pictures_of_the_author() -> None:
    assert [page(issue.html).loads for issue in rendered()] == [
        (),
        (),
        ("https://clinic.example.com/hand.png",),
    ]


def test_a_reference_keeps_to_its_word() -> None:
    assert "passes through\u00a0[1]" in page(first().html).text


# --- The clinic and the footer --------------------------------------------------------------------


def test_the_footer_says_who_where_why_and_how_to_leave() -> None:
    assert lines(first())[-6:] == [
        "Harbour Street Acupuncture",
        "12 Harbour Street",
        "Fairhaven 00000",
        "555-0142",
        "You get this letter on Tuesdays because you asked for it on our website.",
        "Unsubscribe Preferences View in browser",
    ]
    assert first().text.endswith(
        "\nHarbour Street Acupuncture\n12 Harbour Street\nFairhaven 00000\n555-0142\n"
        "https://clinic.example.com\n\n"
        "You get this letter on Tuesdays because you asked for it on our website.\n\n"
        "Unsubscribe:\n@@unsubscribe_url@@\n\n"
        "Preferences:\n@@preferences_url@@\n\n"
        "View in browser:\n@@view_url@@\n"
    )


def test_a_letter_holds_just_these_links() -> None:
    assert page(first().html).links == (
        Link("https://clinic.example.com/first", "what we ask first"),
        Link("https://clinic.example.com/book", "Book a first visit"),
        Link("tel:5550142", "or call 555-0142"),
        Link("https://clinic.example.com", "Harbour Street Acupuncture"),
        Link("tel:5550142", "555-0142"),
        Link("@@unsubscribe_url@@", "Unsubscribe"),
        Link("@@preferences_url@@", "Preferences"),
        Link("@@view_url@@", "View in browser"),
    )


def test_links_in_sentences_are_numbered_behind_the_references() -> None:
    text = first().text
    assert "Read what we ask first [3] before" in text.replace("\n", " ")
    assert "\n\nLinks\n-----\n\n[3] https://clinic.example.com/first\n\n" in text


def test_a_letter_without_links_in_its_sentences_lists_none() -> None:
    assert "Links" not in rendered()[1].text


def test_earlier_parts_lead_to_their_pages() -> None:
    pages = [f"@@archive_url@@/weekly/why-warmth-helps/{part}/" for part in (1, 2)]
    last = rendered()[2]
    links = [link.href for link in page(last.html).links if "archive" in link.href]
    # "Previously" names the nearest; the list names all.
    assert links == [pages[1], *pages]
    assert all(link in last.text for link in pages)


def test_every_link_of_the_html_is_in_the_text() -> None:
    for issue in rendered():
        targets = {link.href for link in page(issue.html).links if link.href[:4] != "tel:"}
        assert [target for target in targets if target not in issue.text] == []


@pytest.mark.parametrize("url", ["", "javascript:alert(1)", "book"])
def test_without_a_booking_page_there_is_no_button(url: str) -> None:
    issue = first(configured=clinic(booking_url=url))
    assert "Book a first visit" not in issue.html + issue.text
    assert "Would you like" not in issue.html + issue.text


def test_a_button_without_label_has_one_of_ours() -> None:
    issue = first(configured=clinic(booking_label=""))
    assert Link("https://clinic.example.com/book", "Book a visit") in page(issue.html).links


def test_without_phone_website_why_and_note_nothing_is_left_empty() -> None:
    made = clinic(phone="", website="", note="")
    made = replace(made, newsletters=(replace(made.newsletters[0], why=""),))
    issue = first(replace(article(), sections=(), references=(), disclaimer=()), made)
    assert "A note from" not in issue.html + issue.text
    assert "call" not in issue.text
    assert [link.href for link in page(issue.html).links] == [
        "https://clinic.example.com/book",
        "@@unsubscribe_url@@",
        "@@preferences_url@@",
        "@@view_url@@",
    ]
    assert "\n\n\n\n" not in issue.text


def test_a_letter_named_like_its_clinic_says_it_once_at_the_top() -> None:
    made = clinic(name="The Harbour Letter")
    assert lines(first(configured=made)).count("The Harbour Letter") == 2
    assert first(configured=made).text.startswith("The Harbour Letter\n\nPart 1 of 3\n")


def test_the_note_is_the_clinics() -> None:
    seen = lines(first())
    note = seen.index("A note from Harbour Street Acupuncture")
    assert seen[note + 1].startswith("This letter is for learning, not for diagnosis.")
