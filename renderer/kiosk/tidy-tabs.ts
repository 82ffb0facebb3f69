import type { Person } from '../client/desk-state.ts';

/** So many of those who have left keep their tabs: what a receptionist goes back to. The search has all others. */
export const leftBehind = 12;

/**
 * Who has a tab, in the order of `people`: everybody with an open session, or for whom `isWanted` says that there is something
 * to see, and of the others the first ones. A day's visitors would push those who are here out of sight.
 */
export function tidyTabs(people: readonly Person[], isWanted: (person: Person) => boolean): readonly Person[] {
  let room = leftBehind;
  return people.filter(person => {
    if (person.session || person.unread > 0 || person.uploads.length > 0 || isWanted(person)) return true;
    room -= 1;
    return room >= 0;
  });
}
