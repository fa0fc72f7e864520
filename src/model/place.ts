/** "ICU 3" is where "ICU 3, bed 7" is, and not where "ICU 31" is. */
export function isInPlace(location: string | null, ward: string): boolean {
  const [place, of] = [(location ?? "").toLowerCase(), ward.toLowerCase()];
  return place.startsWith(of) && !/^[\p{L}\p{N}]/u.test(place.slice(of.length));
}
