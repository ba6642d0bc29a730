"""The web application for a server of your own; ``meridian up`` brings one along."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pipeline.settings")
application = get_wsgi_application()
