"""Reports to take away: the list of closed periods of a place, and each of them as PDF and XLSX."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from audit.recording import record
from offices.access import Reader, may, require, visible_units
from offices.addresses import public_url
from offices.models import AdministrativeUnit, Office
from offices.rights import Action
from officials.access import office_or_404, unit_or_404
from officials.checking import checking
from officials.figures.choice import Choice, for_reader, is_day, on_a_map_of, read_choice
from officials.figures.following import PAPERS, follow_button
from officials.nights import remake_paper
from reports.counting.periods import KEPT, Span, span_of
from reports.models import Paper, Period
from reports.papers.contents import Contents
from reports.papers.gathering import gathered, release_of
from reports.papers.keeping import kept_file, papers_of, with_files
from reports.papers.kinds import PDF, XLSX, PaperKind
from reports.papers.listing import first_comes, newest, reported
from reports.proof.standing import any_standing
from reports.showing.subjects import Subjects


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose report is asked for. pages: the names of its addresses, from its figures on."""

    place: Office | AdministrativeUnit
    name: str
    figures: Subjects
    asked: Mapping[str, str]
    key: str | int
    page: str
    listing: str
    files: Mapping[str, str]

    def address(self, page: str, choice: Choice, **changed: str) -> str:
        """Of one of its pages, with the query of a view."""
        return reverse(page, args=[self.key]) + choice.query(**changed)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def office_papers(request: HttpRequest, slug: str) -> HttpResponse:
    """The closed periods of an office, each with its files; one that failed is made again."""
    return _listed(request, _office(request, slug))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def unit_papers(request: HttpRequest, pk: int) -> HttpResponse:
    """The closed periods of a unit, each with its files; one that failed is made again."""
    return _listed(request, _unit(request, pk))


@login_required
@require_safe
def office_pdf(request: HttpRequest, slug: str) -> HttpResponse:
    """The report of an office as PDF; 404 in words for a period without one."""
    return _taken(request, _office(request, slug), PDF)


@login_required
@require_safe
def office_xlsx(request: HttpRequest, slug: str) -> HttpResponse:
    """The report of an office as XLSX; as `office_pdf`."""
    return _taken(request, _office(request, slug), XLSX)


@login_required
@require_safe
def unit_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The report of a unit as PDF; as `office_pdf`."""
    return _taken(request, _unit(request, pk), PDF)


@login_required
@require_safe
def unit_xlsx(request: HttpRequest, pk: int) -> HttpResponse:
    """The report of a unit as XLSX; as `office_pdf`."""
    return _taken(request, _unit(request, pk), XLSX)


def _office(request: HttpRequest, slug: str) -> Subject:
    office = office_or_404(request.user, slug, Action.EXPORT)
    return Subject(
        place=office,
        name=office.name,
        figures=Subjects.of_offices([office.pk]),
        asked=request.GET.dict(),
        key=office.slug,
        page="officials:office",
        listing="officials:office_papers",
        files={"pdf": "officials:office_pdf", "xlsx": "officials:office_xlsx"},
    )


def _unit(request: HttpRequest, pk: int) -> Subject:
    unit = unit_or_404(request.user, pk, Action.EXPORT)
    asked, territory = on_a_map_of(unit, request.GET.dict())
    return Subject(
        place=unit,
        name=unit.full_name_on(unit.valid_to or timezone.localdate()),
        figures=Subjects.of_unit(unit, territory),
        asked=asked,
        key=unit.pk,
        page="officials:unit",
        listing="officials:unit_papers",
        files={"pdf": "officials:unit_pdf", "xlsx": "officials:unit_xlsx"},
    )


def _choice(request: HttpRequest, subject: Subject) -> Choice | None:
    choice = read_choice(subject.figures, subject.asked, timezone.localdate())
    return for_reader(choice, request.user)


def _listed(request: HttpRequest, subject: Subject) -> HttpResponse:
    choice = _choice(request, subject)
    if request.method == "POST":
        require(request.user, Action.REMAKE_REPORTS, subject.place)
        remake_paper(request, _papers(subject, choice))
        return redirect(request.get_full_path())
    groups = []
    if choice is not None:
        made = _made(subject, choice)
        found = reported(subject.figures, choice.instrument, choice.policy)
        groups = [
            (kind, [_offered(subject, choice, span, made.get(span)) for span in spans])
            for kind, spans in found.items()
            if spans
        ]
    context = {
        "name": subject.name,
        "back": subject.address(subject.page, choice)
        if choice
        else reverse(subject.page, args=[subject.key]),
        "choice": choice,
        "is_unit": isinstance(subject.place, AdministrativeUnit),
        "groups": groups,
        "remakes": may(request.user, Action.REMAKE_REPORTS, subject.place),
        "first": first_comes(timezone.localdate()),
        **checking(request.user).context,
        **follow_button(request.user, subject.place, PAPERS),
    }
    return render(request, "officials/publishing/papers.html", context)


@dataclass(frozen=True, slots=True)
class OfferedPaper:
    """A period with the addresses of its files and of its page.

    made: what became of its report where it is made beforehand; kept: whether its files lie ready.
    """

    span: Span
    page: str
    pdf: str
    xlsx: str
    made: Paper | None = None
    kept: bool = False


def _papers(subject: Subject, choice: Choice | None) -> QuerySet[Paper]:
    """The reports of the place that are made beforehand, of the chosen form."""
    if choice is None:
        return Paper.objects.none()
    return papers_of(subject.place, choice.territory).filter(instrument=choice.instrument.id)


def _made(subject: Subject, choice: Choice) -> dict[Span, tuple[Paper, bool]]:
    """The same by period, each with whether its files lie ready."""
    found = _papers(subject, choice)
    kept = with_files(found)
    return {span_of(paper.period, paper.start): (paper, paper.pk in kept) for paper in found}


def _offered(
    subject: Subject, choice: Choice, span: Span, made: tuple[Paper, bool] | None = None
) -> OfferedPaper:
    asked = {"ky": span.kind.value, "tu": span.first.isoformat()}
    paper, kept = made or (None, False)
    return OfferedPaper(
        span,
        subject.address(subject.page, choice, **asked),
        pdf=subject.address(subject.files["pdf"], choice, **asked),
        xlsx=subject.address(subject.files["xlsx"], choice, **asked),
        made=paper,
        kept=kept,
    )


def _taken(request: HttpRequest, subject: Subject, kind: PaperKind) -> HttpResponse:
    choice = _choice(request, subject)
    if choice is not None:
        choice = _on_a_closed_period(subject, choice)
    contents = _contents(request.user, subject, choice) if choice else None
    if choice is None or contents is None:
        return _without(request, subject, choice)
    file = kept_file(subject.place, choice, kind, contents) or kind.write(contents)
    name = "-".join(
        ["bao-cao", str(subject.key), choice.span.kind.value, choice.span.first.isoformat()]
    )
    office = subject.place if isinstance(subject.place, Office) else None
    record(
        "report.exported",
        subject=f"{name}.{kind.ending}",
        office_id=office.pk if office else None,
        unit_id=None if office else subject.place.pk,
        details={"size": len(file)},
    )
    return HttpResponse(
        file,
        content_type=kind.content_type,
        headers={"Content-Disposition": f'attachment; filename="{name}.{kind.ending}"'},
    )


def _on_a_closed_period(subject: Subject, choice: Choice) -> Choice:
    """The view itself where its address names a day, else on the newest period with a report."""
    if is_day(subject.asked.get("tu", "")):
        return choice
    asked = choice.span.kind if subject.asked.get("ky") else Period.MONTH
    span = newest(subject.figures, choice.instrument, choice.policy, asked)
    return choice if span is None else choice.on(span)


def _contents(user: Reader, subject: Subject, choice: Choice) -> Contents | None:
    """The report of the view; None where it is open, of a day or a week, or shows no figure."""
    return gathered(
        subject.place,
        choice,
        address=public_url(subject.address(subject.page, choice)),
        release=release_of(subject.place, choice.span, visible_units(user)),
        doubted=any_standing(),
    )


def _without(request: HttpRequest, subject: Subject, choice: Choice | None) -> HttpResponse:
    """404 in words: why there is no report, and where the newest one is."""
    offered = None
    if choice is not None:
        span = newest(subject.figures, choice.instrument, choice.policy, choice.span.kind)
        offered = None if span is None else _offered(subject, choice, span)
    context = {
        "name": subject.name,
        "choice": choice,
        "kept": choice is not None and choice.span.kind in KEPT,
        "offered": offered,
        "listing": subject.address(subject.listing, choice)
        if choice
        else reverse(subject.listing, args=[subject.key]),
        "first": first_comes(timezone.localdate()),
    }
    return render(request, "officials/publishing/no_paper.html", context, status=404)
