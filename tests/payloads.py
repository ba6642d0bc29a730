"""Orders to template engines, as people with bad intentions write them (S1)."""

PAYLOADS = [
    "{{ settings.SECRET_KEY }}",
    "{% load static %}",
    '{% include "/etc/passwd" %}',
    "{% debug %}",
    "{{ x.__class__.__mro__ }}",
    "{{ subscriber.consent_set.all }}",
    '{{env "HOME"}}',
    "${7*7}",
    "<%= 7*7 %>",
    "{{ 7*7 }}",
    "{{ clinic.name.__class__ }}",
    "{{ wrap.__globals__ }}",
    "#{7*7} *{7*7} [[${7*7}]]",
    '{{ name|center:"999999999" }}',
]
