// Looking again at what the platform works on, until it is done.

const soonest = 1000; // milliseconds
const latest = 15_000;

/**
 * Looks again and again, less often the longer it sees nothing new, and not while nobody does. Look gives whether there was something
 * new; a look that fails is none. The answer ends it.
 */
export function follow(look: () => Promise<boolean>): () => void {
  let wait = soonest;
  let timer: ReturnType<typeof setTimeout>;
  let ended = false;
  const later = () => {
    if (!ended) timer = setTimeout(() => void again(), wait);
  };
  const again = async () => {
    if (document.visibilityState === 'visible') wait = (await look().catch(() => false)) ? soonest : Math.min(wait * 1.5, latest);
    later();
  };
  later();
  return () => {
    ended = true;
    clearTimeout(timer);
  };
}
