"use strict";
// The report is shown in a sandboxed frame: whatever an article holds, it cannot run or read anything here.
const by = (id) => document.getElementById(id);

async function fill(select, url, value, label) {
  const items = await (await fetch(url)).json();
  for (const item of items) select.add(new Option(label(item), value(item)));
}

fill(by("source"), "/v1/languages", (l) => l.code, (l) => l.name);
fill(by("brief"), "/v1/briefs", (b) => b.name, (b) => `${b.name}: ${b.title}`).then(() => { by("brief").value = "wire"; });

function say(text, isError) {
  by("status").textContent = text;
  by("status").classList.toggle("error", Boolean(isError));
}

by("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const question = by("question").value.trim();
  const body = { text: by("text").value, source: by("source").value, brief: by("brief").value, questions: question ? [question] : [] };
  by("send").disabled = true;
  say("Translating …");
  const begun = performance.now();
  try {
    const reply = await fetch("/v1/articles", {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "text/html" },
      body: JSON.stringify(body),
    });
    if (!reply.ok) throw new Error((await reply.json()).detail);
    by("report").srcdoc = await reply.text();
    by("report").hidden = false;
    say(`Done in ${((performance.now() - begun) / 1000).toFixed(1)} s by ${reply.headers.get("X-Model") || "no model: nothing had to be translated"}.`);
  } catch (error) {
    say(error.message, true);
  } finally {
    by("send").disabled = false;
  }
});
