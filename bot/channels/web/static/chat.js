// The embedded group chat's page. Everything a person wrote is put in as text, never as HTML.
"use strict";

const TITLE = document.title;
const $ = (id) => document.getElementById(id);
const state = { person: "", name: "", room: "", rooms: [], socket: null, quote: null, unsent: new Map(), wait: 500 };

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function clock(ms) {
  return new Date(ms).toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit" });
}

// ---- the door ------------------------------------------------------------------------------------------------------

$("door").addEventListener("submit", async (event) => {
  event.preventDefault();
  const answer = await fetch("/enter", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ name: $("nickname").value }),
  });
  const body = await answer.json().catch(() => ({ error: "没有进成，请再试一次" }));
  if (!answer.ok) { $("door-error").textContent = body.error; return; }
  connect();
});

async function knock() {
  const answer = await fetch("/me");
  if (answer.status === 200) connect(); else askName();
}

function askName() {
  $("house").hidden = true;
  $("door").hidden = false;
  $("nickname").focus();
}

// ---- the connection ------------------------------------------------------------------------------------------------

function connect() {
  const scheme = location.protocol === "https:" ? "wss:" : "ws:";
  const socket = new WebSocket(`${scheme}//${location.host}/ws`);
  state.socket = socket;
  socket.addEventListener("open", () => { state.wait = 500; $("state").textContent = ""; });
  socket.addEventListener("message", (event) => receive(JSON.parse(event.data)));
  socket.addEventListener("close", () => {
    $("state").textContent = "连接断开，正在重连…";
    state.wait = Math.min(state.wait * 2, 8000);
    setTimeout(connect, state.wait);
  });
}

function send(frame) {
  if (state.socket && state.socket.readyState === WebSocket.OPEN) state.socket.send(JSON.stringify(frame));
}

const receivers = {
  hello(frame) {
    state.person = frame.person;
    state.name = frame.name;
    state.rooms = frame.rooms;
    $("door").hidden = true;
    $("house").hidden = false;
    const known = frame.rooms.some((room) => room.id === state.room);
    const lost = state.room && !known;
    drawRooms();
    openRoom(known ? state.room : frame.rooms[0].id);
    if (lost) notice("刚才那个群现在不对你开放了");
  },
  history(frame) {
    if (frame.room !== state.room) return;
    $("messages").replaceChildren();
    frame.messages.forEach(drawMessage);
    for (const post of state.unsent.values()) if (post.room === state.room) { drawPending(post); send(post.frame); }
    scrollDown();
  },
  message(frame) {
    if (frame.room !== state.room) return;
    drawMessage(frame);
    if (frame.person === "" && state.rooms.length && frame.text.includes("绑定")) send({ type: "rooms" });
    scrollDown();
  },
  ack(frame) {
    state.unsent.delete(frame.id);
    const held = $(`m-${frame.id}`);
    if (held) held.classList.remove("pending");
  },
  recalled(frame) {
    const held = $(`m-${frame.id}`);
    if (held) held.replaceWith(element("li", "gone", "一条消息已撤回"));
  },
  refused(frame) {
    const id = `${state.person}-${frame.cid}`;
    state.unsent.delete(id);
    const held = $(`m-${id}`);
    if (held && held.classList.contains("pending")) held.remove();
    // A room that may not be opened says so where its messages would stand.
    if (!frame.cid && !$("messages").children.length) $("messages").append(element("li", "gone", frame.reason));
    notice(frame.reason);
  },
  muted(frame) { notice(frame.until > Date.now() ? `你暂时不能发言，${clock(frame.until)} 恢复` : "你可以继续发言了"); },
  removed(frame) {
    // The private chat is where an appeal goes; the agents' room may be none of theirs any more.
    if (frame.room === state.room) clearRoom();
    send({ type: "rooms" });
  },
  unread(frame) {
    const room = state.rooms.find((one) => one.id === frame.room);
    if (!room || room.id === state.room) return;
    room.unread = frame.count;
    drawUnread();
  },
  members(frame) {
    if (frame.room !== state.room) return;
    $("people").replaceChildren(...frame.people.map((person) => element("li", "", person.name)));
    $("count").textContent = String(frame.people.length);
  },
};

function receive(frame) {
  const receiver = receivers[frame.type];
  if (receiver) receiver(frame);
}

// ---- rooms and messages --------------------------------------------------------------------------------------------

function drawRooms() {
  $("rooms").replaceChildren(...state.rooms.map((room) => {
    const button = element("button", "", room.topic);
    button.type = "button";
    button.dataset.room = room.id;
    button.addEventListener("click", () => openRoom(room.id));
    return button;
  }));
  drawUnread();
}

// What the bot said to this person alone must be noticed: on the room's button, in a line above the composer that
// leads there, and in the tab's title.
function drawUnread() {
  for (const button of $("rooms").children) {
    const room = state.rooms.find((one) => one.id === button.dataset.room);
    const held = button.querySelector(".badge");
    if (held) held.remove();
    if (!room.unread) continue;
    const badge = element("span", "badge", String(room.unread));
    badge.append(element("span", "spoken", " 条未读"));
    button.append(badge);
    button.scrollIntoView({ block: "nearest", inline: "nearest" });
  }
  const waiting = state.rooms.find((room) => room.unread);
  $("news").hidden = !waiting;
  $("news").textContent = waiting ? `${waiting.topic}：${waiting.unread} 条新消息，点这里看` : "";
  $("news").dataset.room = waiting ? waiting.id : "";
  document.title = (waiting ? `(${waiting.unread}) ` : "") + TITLE;
}

function clearRoom() {
  $("messages").replaceChildren();
  $("people").replaceChildren();
  $("count").textContent = "";
}

function openRoom(id) {
  // Where it may not be opened, nothing of the last room must stand under its name.
  if (id !== state.room) clearRoom();
  state.room = id;
  const room = state.rooms.find((one) => one.id === id);
  if (room) room.unread = 0;
  $("topic").textContent = room ? room.topic : "";
  for (const button of $("rooms").children) {
    button.setAttribute("aria-current", String(button.dataset.room === id));
    if (button.dataset.room === id) button.scrollIntoView({ block: "nearest", inline: "nearest" });
  }
  drawUnread();
  quote(null);
  notice("");
  send({ type: "open", room: id });
}

function drawMessage(message) {
  const held = $(`m-${message.id}`);
  if (message.recalled) {
    const gone = element("li", "gone", `${message.name} 的一条消息已撤回`);
    if (held) held.replaceWith(gone); else $("messages").append(gone);
    return;
  }
  const own = message.person === state.person;
  const item = element("li", `message${own ? " own" : ""}${message.person === "" ? " bot" : ""}`);
  item.id = `m-${message.id}`;
  item.append(element("div", "who", `${message.name}${message.person === "" ? "（机器人）" : ""} ${clock(message.at)}`));
  const body = element("div", "body");
  if (message.quote) body.append(element("span", "quote", message.quote));
  body.append(...(message.person === "" ? withLinks(message.text) : [message.text]));
  if (message.file) body.append(shownFile(message.file));
  item.append(body, tools(message, own));
  if (held) held.replaceWith(item); else $("messages").append(item);
}

// What the bot sent: images are shown, anything else is a link.
function shownFile(file) {
  const name = file.split("/").pop();
  const link = element("a", "file", name);
  link.href = `/${file.split("/").map(encodeURIComponent).join("/")}`;
  link.target = "_blank";
  link.rel = "noopener";
  if (/\.(png|jpe?g|gif|webp)$/i.test(name)) {
    const image = element("img", "");
    image.src = link.href;
    image.alt = name;
    image.addEventListener("load", scrollDown);
    link.replaceChildren(image);
  }
  return link;
}

// Receipts and the privacy notice are there to be opened; members' own addresses stay plain words.
function withLinks(text) {
  return text.split(/(https?:\/\/[\w.~:/?#@!$&'*+,;=%-]*[\w/=%-])/).map((part, place) => {
    if (place % 2 === 0) return part;
    const link = element("a", "", part);
    link.href = part;
    link.target = "_blank";
    link.rel = "noopener";
    return link;
  });
}

function tools(message, own) {
  const bar = element("div", "tools");
  const quoting = element("button", "", "引用");
  quoting.type = "button";
  quoting.addEventListener("click", () => quote(message));
  bar.append(quoting);
  if (own) {
    const recalling = element("button", "", "撤回");
    recalling.type = "button";
    recalling.addEventListener("click", () => send({ type: "recall", id: message.id }));
    bar.append(recalling);
  }
  return bar;
}

function drawPending(post) {
  const id = `${state.person}-${post.frame.cid}`;
  drawMessage({ id, person: state.person, name: state.name, text: post.frame.text, quote: post.quote, at: post.frame.at });
  $(`m-${id}`).classList.add("pending");
}

function scrollDown() { $("messages").scrollTop = $("messages").scrollHeight; }

function notice(text) { $("notice").textContent = text; }

function quote(message) {
  state.quote = message;
  $("quoting").hidden = !message;
  $("quoted").textContent = message ? `${message.name}：${message.text.slice(0, 60)}` : "";
  if (message) $("text").focus();
}

// ---- the composer --------------------------------------------------------------------------------------------------

function post() {
  const text = $("text").value;
  if (!text.trim()) return;
  const cid = Array.from(crypto.getRandomValues(new Uint8Array(10)), (n) => (n % 36).toString(36)).join("");
  const frame = { type: "post", cid, at: Date.now(), text, quote: state.quote ? state.quote.id : "" };
  const kept = { room: state.room, frame, quote: state.quote ? $("quoted").textContent : "" };
  state.unsent.set(`${state.person}-${cid}`, kept);
  notice("");
  drawPending(kept);
  send(frame);
  $("text").value = "";
  quote(null);
  scrollDown();
}

$("composer").addEventListener("submit", (event) => { event.preventDefault(); post(); });
$("text").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); post(); }
});
$("news").addEventListener("click", () => openRoom($("news").dataset.room));
$("unquote").addEventListener("click", () => quote(null));
$("at").addEventListener("click", () => {
  const bot = $("people").firstChild ? $("people").firstChild.textContent : "小管家";
  $("text").value = `@${bot} ${$("text").value}`;
  $("text").focus();
});

knock();
