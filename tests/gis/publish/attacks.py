"""Words that try to become code, for every place where words can enter."""

import json
from pathlib import Path

ATTACKS = (
    "{{7*7}}",
    "{% raw %}",
    "{# gone #}",
    "{{",
    "50%} 100 {% x",
    "{{cycler.__init__.__globals__.os.getpid()}}",
    "{{cycler.__init__.__globals__.os.popen(dict(id=1)|join).read()}}",
    "<img src=x onerror=window.PWN=1>",
    "<svg onload=window.PWN=1>",
    "</script><script>window.PWN=1</script>",
    "<!--<script>",
    "${window.PWN=1}",
    "`+(window.PWN=1)+`",
    "\\\\`+(window.PWN=1)+`",
    "javascript:window.PWN=1",
    "\u2028window.PWN=1//\u2029",
    "\"'",
    '=HYPERLINK("x")',
    "emoji 🏚️ \ufeffBOM",
    "</title><script>window.PWN=1</script>",
    "</style><script>window.PWN=1</script>",
    '"><iframe srcdoc="<script>top.PWN=1</script>">',
    '<a href="jAvaScRipt:window.PWN=1">x</a>',
    "data:text/html,<script>1</script>",
    "__proto__",
    "constructor",
    "toString",
    "\u202etfel ot thgir",
    "&lt;script&gt;window.PWN=1&lt;/script&gt;",
    "\\u003cscript\\u003ewindow.PWN=1\\u003c/script\\u003e",
    "%s%n{0}",
    "../../../../etc/passwd",
    "CON",
    "<b>粗体</b>",
    "A&B <小区> \"引号\" '单引号'",
    "]]>",
    "</template>",
)

NAUGHTY = tuple(json.loads((Path(__file__).parents[2] / "data/attack/blns.json").read_text("utf-8")))
