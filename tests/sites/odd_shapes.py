"""Pages of shapes that suppliers of forms and widgets make: web components, frames, drawn choices, lists of their own, dialogs.

Each ends at /klaar. They look like what stands on municipal sites: Utrecht web components, Gravity Forms, Drupal webforms, TYPO3
forms, forms in a frame of a supplier, single-page applications.
"""

# ruff: noqa: E501 - a page on one line reads best

from __future__ import annotations

NEXT = '<p><a href="/klaar">Verder</a></p>'
GO = "location='/klaar'"
UNSEEN = "position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap"

SHAPES: dict[str, str] = {
    "/schaduw": "<main><h1>Schaduw</h1><gem-veld></gem-veld></main><script>customElements.define('gem-veld', class extends HTMLElement {"
    " connectedCallback() { this.attachShadow({ mode: 'open' }).innerHTML = '<label for=v>Uw naam</label><input id=v>"
    "<gem-knop></gem-knop>'; } });"
    "customElements.define('gem-knop', class extends HTMLElement { connectedCallback() { this.attachShadow({ mode: 'open' }).innerHTML ="
    " '<button>Verder</button>'; this.shadowRoot.firstChild.onclick = () => location = '/klaar'; } })</script>",
    "/schaduw-stappen": "<main><h1>Aanvraag</h1><mijn-formulier></mijn-formulier></main><script>customElements.define('mijn-formulier', class extends HTMLElement {"
    " connectedCallback() { const root = this.attachShadow({ mode: 'open' }); root.innerHTML = '<h2 tabindex=-1>Stap 1 van 2</h2><label for=v>Uw naam</label><input id=v><button>Volgende</button>';"
    " root.querySelector('button').onclick = () => { root.innerHTML = '<h2 tabindex=-1>Stap 2 van 2</h2><p>Controleer uw gegevens.</p><button>Verder</button>'; root.querySelector('h2').focus();"
    " root.querySelector('button').onclick = () => location = '/klaar'; }; } })</script>",
    "/frame": '<main><h1>Frame</h1><iframe title="Formulier" src="/in-frame" width="280" height="160"></iframe></main>',
    "/in-frame": '<main><label>Uw naam <input name="n" style="width:100px"></label><button onclick="document.body.innerHTML =\'<h1 tabindex=-1>Klaar</h1>'
    "<p>Bedankt.</p>'; document.querySelector('h1').focus()\">Verder</button></main>",
    "/frame-elders": '<main><h1>Frame</h1><iframe title="Formulier" src="{elsewhere}/in-frame" width="280" height="160"></iframe></main>',
    "/kaarten": "<style>.k input{opacity:0;position:absolute} .k span{display:inline-block;padding:1em;border:2px solid} .k input:focus + span{outline:3px solid #00f}"
    " .k input:checked + span{background:#ff0}</style><main><h1>Kaarten</h1><form action=/klaar><fieldset><legend>Waar gaat het over?</legend>"
    "<label class=k><input type=radio name=w value=1><span>Stoep</span></label> <label class=k><input type=radio name=w value=2><span>Boom</span></label></fieldset>"
    f'<p><input type=checkbox id=a style="{UNSEEN}"><label for=a>Ik ga akkoord met de <a href="/voorwaarden">voorwaarden</a></label></p><button>Verder</button></form></main>',
    "/keuzelijst": "<style>#k:focus{outline:3px solid}</style><main><h1>Keuzelijst</h1><p id=vraag>Heeft u een hond?</p><div id=k role=combobox tabindex=0 aria-expanded=false aria-controls=lijst"
    ' aria-labelledby=vraag style="border:1px solid;width:200px">Kies</div><ul id=lijst role=listbox aria-labelledby=vraag hidden><li role=option id=o1 aria-selected=false>Ja'
    f"<li role=option id=o2 aria-selected=false>Nee</ul>{NEXT}</main><script>let at = -1; const options = [o1, o2];"
    " const show = (open) => { lijst.hidden = !open; k.ariaExpanded = open; if (!open) k.removeAttribute('aria-activedescendant'); };"
    " const mark = (n) => { at = Math.max(0, Math.min(1, n)); k.setAttribute('aria-activedescendant', options[at].id); options.forEach((o, i) => o.style.background = i === at ? '#ff0' : ''); };"
    " const take = (o) => { k.textContent = o.textContent; o.ariaSelected = true; show(false); };"
    " k.onclick = () => show(lijst.hidden); options.forEach((o) => o.onclick = () => take(o));"
    " k.onkeydown = (e) => { if (e.key === 'ArrowDown') { if (lijst.hidden) { show(true); mark(0); } else mark(at + 1); e.preventDefault(); }"
    " if (e.key === 'Enter' || e.key === ' ') { if (lijst.hidden) { show(true); mark(0); } else take(options[at]); e.preventDefault(); }"
    " if (e.key === 'Escape') show(false); }</script>",
    "/aanvullen": "<main><h1>Straat</h1><label for=s>Straat</label> <input id=s role=combobox aria-expanded=false aria-controls=sl aria-autocomplete=list autocomplete=off><ul id=sl role=listbox aria-label=Straten hidden></ul>"
    f"<p id=g role=status></p>{NEXT}</main><script>let at = -1; const all = ['Dorpsstraat', 'Dorpsweg'];"
    " const take = (t) => { s.value = t; sl.hidden = true; s.ariaExpanded = false; g.textContent = 'Gekozen: ' + t; };"
    " s.oninput = () => { at = -1; sl.innerHTML = all.filter((t) => t.startsWith(s.value)).map((t, i) => `<li role=option id=st${i}>${t}`).join('');"
    " sl.hidden = !sl.children.length; s.ariaExpanded = !sl.hidden; [...sl.children].forEach((o) => o.onclick = () => take(o.textContent)); };"
    " s.onkeydown = (e) => { const options = [...sl.children]; if (e.key === 'ArrowDown' && options.length) { at = (at + 1) % options.length; s.setAttribute('aria-activedescendant', options[at].id); e.preventDefault(); }"
    " if (e.key === 'Enter' && at >= 0) { take(options[at].textContent); e.preventDefault(); } }</script>",
    "/datum": "<main><h1>Datum</h1><form action=/klaar><p><label>Datum van de verhuizing <input type=date name=d required></label></p><p><label>Tijd <input type=time name=t required></label></p><button>Verder</button></form></main>",
    "/kalender": "<main><h1>Kalender</h1><label for=d>Datum</label> <input id=d> <button id=kies aria-haspopup=dialog>Kies een datum</button><div id=dlg role=dialog aria-modal=true aria-label='Kies een datum' hidden>"
    "<table role=grid><tr><td><button aria-label='12 mei 2027'>12</button><td><button aria-label='13 mei 2027' tabindex=-1>13</button></table><button id=dicht>Sluiten</button></div>"
    f"{NEXT}</main><script>const days = [...dlg.querySelectorAll('td button')]; kies.onclick = () => {{ dlg.hidden = false; days[0].focus(); }};"
    " const close = () => { dlg.hidden = true; kies.focus(); }; dicht.onclick = close; days.forEach((b) => b.onclick = () => { d.value = b.ariaLabel; close(); });"
    " dlg.onkeydown = (e) => { const here = days.indexOf(document.activeElement); if (e.key === 'Escape') close();"
    " if (e.key === 'ArrowRight' && here === 0) days[1].focus(); if (e.key === 'ArrowLeft' && here === 1) days[0].focus();"
    " if (e.key === 'Tab') { e.preventDefault(); (document.activeElement === dicht ? days[0] : dicht).focus(); } }</script>",
    "/knopdiv": "<style>[role=button]:focus{outline:3px solid}</style><main><h1>Knop</h1><div role=button tabindex=0 id=b>Verder</div></main>"
    f"<script>b.onclick = () => {GO}; b.onkeydown = (e) => {{ if (e.key === 'Enter' || e.key === ' ') {GO} }}</script>",
    "/spa": '<main><h1 id=h tabindex=-1>Stap 1</h1><p id=p>Vraag</p><a href="/spa/2" id=v>Volgende</a></main><script>v.onclick = (e) => { e.preventDefault(); history.pushState({}, "", v.href);'
    " setTimeout(() => { h.textContent = 'Stap 2'; p.textContent = 'Tweede vraag'; v.outerHTML = '<a href=/klaar>Verder</a>'; h.focus(); }, 300); }</script>",
    "/nieuw-tabblad": "<main><h1>Tabblad</h1><a href=/klaar target=_blank rel=noopener>Verder (opent in een nieuw tabblad)</a></main>",
    "/eerst-goed": "<main><h1>Eerst goed</h1><form action=/klaar id=f><p><label>Uw naam <input id=n required></label></p><p><label>Postcode <input id=pc required pattern='[0-9]{4} ?[A-Z]{2}'></label></p>"
    "<button id=b disabled>Verder</button></form></main><script>f.oninput = () => b.disabled = !f.checkValidity()</script>",
    "/zoekt": "<main><h1>Zoeken</h1><form role=search action=/klaar><label for=q>Zoek op deze site</label> <input id=q name=q type=search role=combobox aria-expanded=false aria-controls=ql autocomplete=off><ul id=ql role=listbox aria-label=Suggesties hidden></ul><button>Zoeken</button></form></main>"
    "<script>q.oninput = () => setTimeout(() => { ql.innerHTML = '<li role=option>paspoort aanvragen'; ql.hidden = false; q.ariaExpanded = true; }, 50)</script>",
    "/legenda": "<main><h1>Vragen</h1><form action=/klaar><fieldset><legend>Heeft u een auto?</legend><label><input type=radio name=a> Ja</label> <label><input type=radio name=a> Nee</label></fieldset>"
    "<div role=radiogroup aria-labelledby=hv><h2 id=hv>Heeft u een hond?</h2><input type=radio name=h id=hj><label for=hj>Ja</label> <input type=radio name=h id=hn><label for=hn>Nee</label></div><button>Verder</button></form></main>",
    "/bijlage": "<main><h1>Bijlage</h1><form action=/klaar><p><label for=f>Foto van de plek</label> <input type=file id=f name=f required accept='image/*'></p><button>Verder</button></form></main>",
    "/bijlage-knop": f"<main><h1>Bijlage</h1><form action=/klaar><p><label for=f2 style='border:1px solid;padding:4px'>Kies een foto</label> <input type=file id=f2 style='{UNSEEN}'></p><p id=naam role=status></p><button>Verder</button></form></main><script>f2.onchange = () => naam.textContent = f2.files[0].name</script>",
    "/venster": "<main><h1>Venster</h1><button id=m aria-haspopup=dialog>Meer uitleg</button>"
    + NEXT
    + "</main><dialog id=d aria-labelledby=dh><h2 id=dh>Uitleg</h2><p>Zo werkt het.</p><button id=s>Sluiten</button></dialog>"
    "<script>m.onclick = () => d.showModal(); s.onclick = () => d.close()</script>",
    "/plakt": "<main><h1>Plakt</h1><div style='height:1200px'>Tekst</div>"
    + NEXT
    + "<div style='height:120px'></div></main><div role=region aria-label=Cookiemelding style='position:fixed;left:0;right:0;bottom:0;height:90px;background:#ddd'>Wij gebruiken cookies. <button onclick='this.parentNode.remove()'>Sluit de cookiemelding</button></div>",
    "/toestemming": "<main><h1>Toestemming</h1>"
    + NEXT
    + "</main><iframe id=cmp title='Cookievoorkeuren' src='/toestemming-frame' style='position:fixed;inset:0;width:100%;height:100%;border:0;background:#fff'></iframe>",
    "/toestemming-frame": "<main><h1>Cookies</h1><p>Mogen wij cookies plaatsen?</p><button onclick=\"parent.document.getElementById('cmp').remove(); parent.document.querySelector('a').focus()\">Alleen noodzakelijk</button></main>",
    "/vinkdiv": "<style>[role]:focus{outline:3px solid}</style><main><h1>Vinkje</h1><div role=checkbox tabindex=0 aria-checked=false id=c>Ik heb een hond</div><div role=switch tabindex=0 aria-checked=false id=w>Stuur mij bericht</div><p><button id=v disabled>Verder</button></p></main>"
    "<script>for (const one of [c, w]) { const turn = () => { one.ariaChecked = one.ariaChecked !== 'true'; v.disabled = !(c.ariaChecked === 'true' && w.ariaChecked === 'true'); };"
    f" one.onclick = turn; one.onkeydown = (e) => {{ if (e.key === ' ') {{ turn(); e.preventDefault(); }} }} }} v.onclick = () => {GO}</script>",
    "/uitklap": "<main><h1>Uitklap</h1><details><summary>Meer weten</summary><p>Uitleg over de regeling.</p></details>"
    + NEXT
    + "</main>",
    "/laad": "<main><h1>Laden</h1><button id=b>Verder</button><p id=s role=status></p></main><script>b.onclick = () => { b.disabled = true; s.textContent = 'Bezig met laden';"
    " setTimeout(() => { document.querySelector('main').innerHTML = '<h1 tabindex=-1>Klaar</h1><p>Bedankt.</p>'; document.querySelector('h1').focus(); }, 900); }</script>",
}
