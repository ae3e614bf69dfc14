// What the function suggests for an option while it is typed: asked for in each pause, and only the newest is shown.

const PAUSE = 200; // ms without a key

export class Suggestions {
  /** ask takes what is drafted, and resolves to {choices} or {error}. */
  constructor(ask) {
    Object.assign(this, { ask, newest: 0 });
  }

  /** Ask for a draft once nothing is typed for a moment, and show the answer unless it is stale by then. */
  want(draft, show) {
    this.drop();
    const mine = this.newest;
    this.pause = setTimeout(async () => {
      const answer = await this.ask(draft()).catch((error) => ({ error: error.message }));
      if (mine === this.newest) show(answer);
    }, PAUSE);
  }

  /** Let what has been asked for be stale. */
  drop() {
    clearTimeout(this.pause);
    this.newest += 1;
  }
}
