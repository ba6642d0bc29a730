"""Every address of the web pages."""

from django.urls import path

from pipeline.web.public.approving.pages import approving, card, letter, sample
from pipeline.web.public.archive.crawlers import robots, sitemap, sitemap_part
from pipeline.web.public.archive.feeds import atom, json_feed
from pipeline.web.public.archive.pages import index, issue, shelf
from pipeline.web.public.archive.pictures import picture
from pipeline.web.public.calendar import plan
from pipeline.web.public.confirming import confirm
from pipeline.web.public.joining import join, newsletters
from pipeline.web.public.preferences import deletion, preferences
from pipeline.web.public.undoing import undo
from pipeline.web.public.unsubscribe import unsubscribe
from pipeline.web.webhooks import webhook

# Both forms answer, for a redirect would lose a one-click POST (D6). The first is the one we write.
urlpatterns = [
    path("u/<str:token>", unsubscribe, name="unsubscribe"),
    path("u/<str:token>/", unsubscribe),
    path("p/<str:token>", preferences, name="preferences"),
    path("p/<str:token>/", preferences),
    path("p/<str:token>/delete", deletion, name="forget"),
    path("undo/<str:token>", undo, name="undo"),
    path("subscribe/", newsletters, name="newsletters"),
    path("subscribe/<slug:newsletter>", join, name="join"),
    path("subscribe/<slug:newsletter>/", join),
    path("confirm/<str:token>", confirm, name="confirm"),
    path("confirm/<str:token>/", confirm),
    path("approve/<str:token>/", approving, name="approve"),
    path("approve/<str:token>", approving),
    path("approve/<str:token>/letter/<int:part>", letter, name="approve-letter"),
    path("approve/<str:token>/letter/<int:part>/<str:language>", letter, name="approve-letter"),
    path("approve/<str:token>/card/<str:sha256>.png", card, name="approve-card"),
    path("sample/", sample, name="sample"),
    # pipeline.stages.archive says the same, for letters; their links must work for ever.
    path("archive/<str:newsletter>/<str:article>/<int:part>/", issue, name="issue"),
    path("archive/<str:newsletter>/<str:article>/<int:part>", issue),
    path("archive/<str:newsletter>/<str:article>/<int:part>/<str:language>/", issue, name="issue"),
    path("archive/<str:newsletter>/<str:article>/<int:part>/<str:language>", issue),
    path("archive/", index, name="archive"),
    path("archive", index),
    path("archive/<str:newsletter>/", shelf, name="shelf"),
    path("archive/<str:newsletter>", shelf),
    path("archive/<str:newsletter>/feed.atom", atom, name="atom"),
    path("archive/<str:newsletter>/feed.json", json_feed, name="json-feed"),
    path("archive/<str:newsletter>/<str:language>/feed.atom", atom, name="atom"),
    path("archive/<str:newsletter>/<str:language>/feed.json", json_feed, name="json-feed"),
    path("pictures/<str:sha256>.png", picture, name="picture"),
    path("calendar/<str:token>.ics", plan, name="calendar"),
    path("sitemap.xml", sitemap, name="sitemap"),
    path("sitemap-<int:number>.xml", sitemap_part, name="sitemap-part"),
    path("hooks/<slug:provider>/", webhook, name="webhook"),
    path("hooks/<slug:provider>", webhook),
    path("robots.txt", robots, name="robots"),
]

handler400 = "pipeline.web.public.errors.bad_request"
handler404 = "pipeline.web.public.errors.not_found"
handler500 = "pipeline.web.public.errors.server_error"
