"""The look of pages (a cookie, nothing recorded) and the living style page."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from sanban.base.ui import samples
from sanban.base.ui.shell import LOOK_COOKIE, Look

_YEAR = 365 * 24 * 3600


@require_POST
def look(request: HttpRequest) -> HttpResponse:
    """Remember theme, size, contrast and language in cookies, and go back to where the person was."""
    before = Look.parse(request.COOKIES.get(LOOK_COOKIE, ""))
    chosen = Look.parse(
        ".".join(
            request.POST.get(name, getattr(before, name)).replace(".", "")
            for name in ("theme", "size", "contrast")
        )
    )
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None) or urlsplit(back).netloc:
        back = "/"
    response = HttpResponseRedirect(back)
    response.set_cookie(
        LOOK_COOKIE, chosen.cookie(), max_age=_YEAR, samesite="Lax", secure=request.is_secure()
    )
    if (language := request.POST.get("language", "")) in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, language, max_age=_YEAR, samesite="Lax", secure=request.is_secure()
        )
    return response


@require_GET
def styleguide(request: HttpRequest) -> HttpResponse:
    """Every component on one page with invented data; only where DEBUG is on."""
    if not settings.DEBUG:
        raise Http404
    if "palette" in request.GET:
        hits = [{"label": "任务台账", "url": "#register", "icon": "list-tree", "note": "rwtz"}]
        return render(request, "ui/_palette.html", {"sections": [(_("去往"), hits)]})
    if "undo" in request.GET:
        messages.success(request, _("已催办 3 件"), extra_tags="undo:/ui/style/")
        messages.warning(request, _("1 件没有催办：已经办结"))
    page = int(number) if (number := request.GET.get("page", "1")).isdigit() else 1
    look = Look.parse(request.COOKIES.get(LOOK_COOKIE, ""))
    request.shell = samples.sample_shell(look)  # type: ignore[attr-defined]
    context = samples.sample_context(page)
    if "clean" in request.GET:
        context["form"] = samples.SampleForm()
    context["classification"] = request.GET.get("mark", "")
    return render(request, "ui/styleguide.html", context)
