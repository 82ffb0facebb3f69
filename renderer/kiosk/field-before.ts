/**
 * A bar code reader types wherever the keyboard is: into a message to the visitor before, into a reason, into a setting. What it
 * has typed there is taken out again, as if its code had been read with no field in hand.
 */

/** A field that knows itself what a code is: one that searches, or in which an idPersona is corrected. */
const own = '[data-takes-code]';

type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

/** The field whose text a code would spoil; `null` where there is none. */
export function spoiltBy(target: EventTarget | null): Field | null {
  const isField =
    target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
  return isField && !target.matches(own) ? target : null;
}

/** Call before the first key reaches the field; what it gives back puts all of it back, and lets the page know. */
export function rememberField(field: Field): () => void {
  const { value } = field;
  if (field instanceof HTMLSelectElement) {
    return () => {
      field.value = value;
      field.dispatchEvent(new Event('change', { bubbles: true }));
    };
  }
  const { selectionStart, selectionEnd } = field;
  return () => {
    field.setRangeText(value, 0, field.value.length);
    field.setSelectionRange(selectionStart, selectionEnd);
    field.dispatchEvent(new Event('input', { bubbles: true }));
  };
}
