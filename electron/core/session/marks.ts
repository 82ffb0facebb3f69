/** The emoji and colour that desk and phone both show, so that two people see that they are talking to each other. */
import type { Ids } from '../ports.ts';

/** Each is drawn in colours as it stands, without a selector that asks for that. */
const emojis = [...'🦊🐼🐸🦉🐢🐙🦋🐝🦜🐬🦁🐨🌵🌻🍀🍄🍋🍉🍓🥑🚲⛵🎈🎸⚽🔑☔🏠'];
/** Each stands out on white and on black, with 4.5:1 against white text. */
const colors = ['#b3261e', '#8a4b00', '#2e6b1f', '#00687a', '#2457c5', '#6b3fa0', '#9c2c77', '#5a5f66'];

export interface Mark {
  emoji: string;
  color: string;
}

/** A pair that none of `taken` has, as long as there is one. */
export function pickMark(taken: readonly Mark[], ids: Ids): Mark {
  const key = (mark: Mark) => `${mark.emoji}${mark.color}`;
  const used = new Set(taken.map(key));
  const usedEmojis = new Set(taken.map(mark => mark.emoji));
  const all = emojis.flatMap(emoji => colors.map(color => ({ emoji, color })));
  const fresh = all.filter(mark => !usedEmojis.has(mark.emoji));
  const free = fresh.length > 0 ? fresh : all.filter(mark => !used.has(key(mark)));
  const choice = free.length > 0 ? free : all;
  return choice[ids.pick(choice.length)] ?? { emoji: '🔑', color: '#2457c5' };
}
