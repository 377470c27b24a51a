"""The WSGI application that granian serves."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sanban.site.settings")
application = get_wsgi_application()

gc.freeze()  # what start-up made stays: the collector need not walk it again and again
gc.set_threshold(20_000, 20, 50)
