/** Drawn where something goes to other sites and social media: the world, and arrows that leave it. */
export const beyondOurs =
  '<circle cx="18" cy="30" r="12"/><path d="M6 30h24M18 18q-8 12 0 24M18 18q8 12 0 24M28 20L42 6M32 6h10v10M33 27l9-3M38 20l5 3-3 6"/>'
