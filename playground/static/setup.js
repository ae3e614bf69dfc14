// What stays as it is while the page is open: the bot, its commands, the people, and what can go wrong.

import { get } from "./dom.js";

export const OURS = "mando"; // the bot that has a face
export const setup = await get("/api/setup");
