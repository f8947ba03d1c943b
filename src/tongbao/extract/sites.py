"""The table `sites`: one row a site that an annex or table lists."""

from collections.abc import Iterator

from tongbao.extract.context import Context
from tongbao.extract.facts import Check, Fact
from tongbao.extract.site_tables import paired, site_rows


def sites(context: Context) -> Iterator[Fact | Check]:
    """Yield the listed sites; owner and result come from the row itself, else from a result list of one length.

    Example: 1 | 某区财政局 | N000000001 | -> site_name, site_code. Sites named in prose are no listed sites.
    """
    document = context.document
    partners = {site.name: result for site, result in paired(context)}
    for site in site_rows(context):
        values: dict[str, object] = {"site_name": document.slice(site.name)}
        uses = []
        if site.code:
            values["site_code"] = document.slice(site.code)
            uses.append(site.code)
        partner = partners.get(site.name)
        if site.owner:
            values["unit"] = document.slice(site.owner)
            uses.append(site.owner)
        elif partner:
            values["unit"] = partner.unit
            uses.append(partner.name)
        if site.kind:
            values["site_kind"] = site.kind
        result = site.result or (partner.result if partner else None)
        if result:
            values["result"] = document.slice(result)
            uses.append(result)
        yield Fact("sites", *site.name, "stated", "site_table", values, tuple(uses))
