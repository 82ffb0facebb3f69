/** A picture's size as its header says it, not yet turned upright; or what is wrong with its structure. */
export type Structure = { width: number; height: number } | 'truncated' | 'damaged';
