export const THINGS = ['alpha', 'beta', 'gamma', 'delta', 'omega', 'sigma', 'kappa', 'lambda', 'theta', 'zeta'];

/** A training CSV of two labels that any head tells apart. */
export const TWO_LABELS = [
  'message,label',
  ...THINGS.map((thing) => `disk of ${thing} is full,storage`),
  ...THINGS.map((thing) => `login refused for ${thing},auth`),
].join('\n');
