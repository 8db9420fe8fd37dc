/** What the document says of a field that its schema does not describe itself: a sentence, and an
 *  example where none follows from the schema. A key is the field's name, or `owner.name` where the
 *  name means something else there; the owner is the field or the component that holds it. */
export type FieldSentences = Readonly<Record<string, readonly [sentence: string, example?: unknown]>>;
