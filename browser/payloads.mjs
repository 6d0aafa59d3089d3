// Texts that would do something if a page let them: as a tag, an attribute, an address, a style or a template. Each calls
// `caught()`, which the tests watch.

const CALL = 'caught()';

const TAGS = [
  `<script>${CALL}</script>`,
  `<ScRiPt >${CALL}</sCrIpT>`,
  `<script/x>${CALL}</script>`,
  `<script src=data:text/javascript,${CALL}></script>`,
  `<img src=x onerror=${CALL}>`,
  `<img/src/onerror=${CALL}>`,
  `<img src="x" onerror="${CALL}">`,
  `<image href=x onerror=${CALL}>`,
  `<svg onload=${CALL}>`,
  `<svg><script>${CALL}</script></svg>`,
  `<svg><animate onbegin=${CALL} attributeName=x dur=1s>`,
  `<svg><a xlink:href="javascript:${CALL}"><text>x</text></a></svg>`,
  `<body onload=${CALL}>`,
  `<iframe src="javascript:${CALL}"></iframe>`,
  `<iframe srcdoc="<script>parent.${CALL}</script>">`,
  `<object data="javascript:${CALL}">`,
  `<embed src="javascript:${CALL}">`,
  `<video><source onerror=${CALL}></video>`,
  `<audio src=x onerror=${CALL}>`,
  `<details open ontoggle=${CALL}>`,
  `<input autofocus onfocus=${CALL}>`,
  `<select autofocus onfocus=${CALL}>`,
  `<marquee onstart=${CALL}>`,
  `<form><button formaction="javascript:${CALL}">x</button>`,
  `<a href="javascript:${CALL}">x</a>`,
  `<base href="https://evil.test/">`,
  `<meta http-equiv=refresh content="0;url=javascript:${CALL}">`,
  `<link rel=stylesheet href="https://evil.test/x.css">`,
  `<style>*{background:url(https://evil.test/)}</style>`,
  `<math><mtext></mtext><script>${CALL}</script></math>`,
  `<div hx-get="/log" hx-trigger="load" hx-on::after-request="${CALL}">`,
  `<div hx-on:click="${CALL}">x</div>`,
  `<div hx-vals="js:x:${CALL}" hx-trigger="load" hx-post="/x">`,
];

const BREAKOUTS = [
  `"><script>${CALL}</script>`,
  `'><script>${CALL}</script>`,
  `"><img src=x onerror=${CALL}>`,
  `" onmouseover="${CALL}" x="`,
  `' onmouseover='${CALL}' x='`,
  `" autofocus onfocus="${CALL}`,
  `x" onfocus=${CALL} tabindex=1 id=x`,
  `</title><script>${CALL}</script>`,
  `</textarea><script>${CALL}</script>`,
  `</text></svg><script>${CALL}</script>`,
  `</desc></svg><img src=x onerror=${CALL}>`,
  `</style><script>${CALL}</script>`,
  `</script><script>${CALL}</script>`,
  `--><script>${CALL}</script>`,
  `]]><script>${CALL}</script>`,
  `"/><svg/onload=${CALL}>`,
  `<%= ${CALL} %>`,
  `#{${CALL}}`,
  `\`\${${CALL}}\``,
  `{{ ${CALL} }}`,
  `{% raw %}<b>{% endraw %}`,
  `\${${CALL}}`,
  `&lt;script&gt;${CALL}&lt;/script&gt;`,
  `&#60;script&#62;${CALL}&#60;/script&#62;`,
  `%3Cscript%3E${CALL}%3C/script%3E`,
  `\\u003cscript\\u003e${CALL}\\u003c/script\\u003e`,
  `+ADw-script+AD4-${CALL}+ADw-/script+AD4-`,
];

/** Texts to put wherever a text can go. */
export const TEXTS = [...TAGS, ...BREAKOUTS];

/** Addresses that run something when they are followed. */
export const ADDRESSES = [
  `javascript:${CALL}`,
  `JaVaScRiPt:${CALL}`,
  ` javascript:${CALL}`,
  `java\tscript:${CALL}`,
  `data:text/html,<script>opener.${CALL}</script>`,
  `vbscript:${CALL}`,
  `//evil.test/`,
  `https://example.org/" onclick="${CALL}`,
  `https://example.org/'><script>${CALL}</script>`,
];
