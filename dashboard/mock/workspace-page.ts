/** Stands where VS Code would be: its colours and its status bar, so that layouts can be judged. */
export const WORKSPACE_PAGE = `<!doctype html><meta charset="utf-8"><title>VS Code</title>
<style>
body{margin:0;height:100vh;display:grid;grid-template:35px 1fr 22px/48px 240px 1fr;
background:#1f1f1f;color:#ccc;font:13px system-ui}
.title{grid-column:1/-1;background:#181818;border-bottom:1px solid #2b2b2b}
.bar{background:#181818;border-right:1px solid #2b2b2b}
.side{background:#181818;border-right:1px solid #2b2b2b;padding:12px}
.code{padding:20px;font:14px/22px monospace;color:#9cdcfe}
.status{grid-column:1/-1;background:#181818;border-top:1px solid #2b2b2b;display:flex;
justify-content:space-between;align-items:center;padding:0 10px;font-size:12px}
</style>
<div class="title"></div><div class="bar"></div>
<div class="side"><p>EXPLORER</p><p>src</p><p>package.json</p><p>README.md</p></div>
<div class="code"><div>import { createServer } from 'node:http'</div><div>&nbsp;</div>
<div>createServer((request, response) =&gt; response.end('hello')).listen(3000)</div></div>
<div class="status"><span>main*</span><span>Ln 1, Col 1&nbsp;&nbsp; UTF-8&nbsp;&nbsp; TypeScript</span></div>`
