export function stampWhenBuilt(work: () => Promise<void>): Promise<void>;
