// An interaction sent again: as it was, with its old id and token, or edited.

import { $ } from "./dom.js";
import { act, choose, state } from "./store.js";

const sent = () => JSON.parse(state.wire.exchanges.find((each) => each.kind === "interaction").request.body);

async function send(body) {
  choose({ selected: (await act("send", body)).id });
}

$("send-again").addEventListener("click", () => send({ how: "new", payload: sent() }));
$("repeat").addEventListener("click", () => send({ how: "again", id: state.wire.id }));
$("edit-and-send").addEventListener("click", () => {
  const { id: _, token: __, ...payload } = sent();
  $("payload").value = JSON.stringify(payload, null, 2);
  $("again-error").textContent = "";
  $("again").showModal();
});
$("again-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  try {
    await send({ how: $("how").value, payload: JSON.parse($("payload").value) });
    $("again").close();
  } catch (error) {
    $("again-error").textContent = error.message;
  }
});

export function drawResend() {
  $("resend").hidden = !state.wire?.exchanges.length;
}
