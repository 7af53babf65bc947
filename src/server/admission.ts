/** A place that was taken; to be given back once, however the work ends. */
export interface Place {
  leave(): void;
}

/** Admits work up to a bound, so that the rest is turned away at once instead of waiting without end. */
export interface Admission {
  /** @returns Undefined when there is no room for `size` more, or for `client`. Whatever finds nothing else running is let in. */
  enter(size: number, client?: string): Place | undefined;
  /** Size of what is inside. */
  inside(): number;
  /** How often somebody was turned away. */
  refused(): number;
}

/**
 * @param max Size inside at most.
 * @param maxOfOneClient The same for one client; `max` unless given.
 */
export function createAdmission(max: number, maxOfOneClient = max): Admission {
  const byClient = new Map<string, number>();
  let inside = 0;
  let refused = 0;
  return {
    enter(size, client = '') {
      const own = byClient.get(client) ?? 0;
      if (inside > 0 && (inside + size > max || own + size > maxOfOneClient)) {
        refused += 1;
        return undefined;
      }
      inside += size;
      byClient.set(client, own + size);
      let left = false;
      return {
        leave() {
          if (left) return;
          left = true;
          inside -= size;
          const rest = (byClient.get(client) ?? 0) - size;
          if (rest > 0) byClient.set(client, rest);
          else byClient.delete(client);
        },
      };
    },
    inside: () => inside,
    refused: () => refused,
  };
}
