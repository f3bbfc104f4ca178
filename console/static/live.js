/* Keeps live parts fresh: asks for each again every few seconds and replaces it when it has changed. */
"use strict";

for (const part of document.querySelectorAll("[data-live]")) {
  let tag = "";
  const every = Number(part.dataset.every) || 5000;

  const busy = () => part.contains(document.activeElement) && document.activeElement.matches("input, textarea, select");

  const replace = (html) => {
    const open = new Set([...part.querySelectorAll("details[open][id]")].map((details) => details.id));
    const focused = part.contains(document.activeElement) ? document.activeElement.closest("[id]")?.id : "";
    const fresh = document.createElement("template");
    fresh.innerHTML = html;
    for (const details of fresh.content.querySelectorAll("details[id]")) {
      if (open.has(details.id)) details.open = true;
    }
    part.replaceChildren(fresh.content);
    if (focused) (document.querySelector(`#${CSS.escape(focused)} > summary`) || document.getElementById(focused))?.focus();
  };

  const ask = async () => {
    if (document.hidden || busy()) return;
    const headers = { "X-Live": "1" };
    if (tag) headers["If-None-Match"] = tag;
    const answer = await fetch(part.dataset.live, { headers, credentials: "same-origin", redirect: "error" });
    if (answer.status === 401) location.reload();
    if (answer.status !== 200) return;
    tag = answer.headers.get("ETag") || "";
    replace(await answer.text());
  };

  const state = document.getElementById("live-state");
  const loop = async () => {
    try {
      await ask();
      if (state) state.textContent = "自动更新中";
    } catch {
      if (state) state.textContent = "连接断开，正在重试";
    }
    setTimeout(loop, every);
  };
  setTimeout(loop, every);
}
