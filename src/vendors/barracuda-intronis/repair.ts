/**
 * Mends the one known fault of the vendor's XML: a condition type that is closed under the other spelling of its name, as the
 * vendor's own sample prints it (`<condition_type>COMPLETED</condition_types>`).
 *
 * The opening tag decides. Nothing else is touched; the document is validated afterwards.
 */
export function repairConditionTypes(xml: string): string {
  return xml.replace(/<(condition_types?)>([^<]*)<\/condition_types?\s*>/g, '<$1>$2</$1>');
}
