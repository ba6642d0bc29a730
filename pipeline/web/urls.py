"""Every address of the web pages."""

from django.urls import path

from pipeline.web.public.archive import issue
from pipeline.web.public.preferences import preferences
from pipeline.web.public.unsubscribe import unsubscribe

# Both forms answer, for a redirect would lose a one-click POST (D6). The first is the one we write.
urlpatterns = [
    path("u/<str:token>", unsubscribe, name="unsubscribe"),
    path("u/<str:token>/", unsubscribe),
    path("p/<str:token>", preferences, name="preferences"),
    # pipeline.stages.archive says the same, for letters; their links must work for ever.
    path("archive/<str:newsletter>/<str:article>/<int:part>/", issue, name="issue"),
]

handler400 = "pipeline.web.public.errors.bad_request"
handler404 = "pipeline.web.public.errors.not_found"
handler500 = "pipeline.web.public.errors.server_error"
