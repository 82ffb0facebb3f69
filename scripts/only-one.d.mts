export function onlyOne<T>(lock: string, work: () => Promise<T>, onWait?: () => void): Promise<T>;
