interface Sbom {
  readonly components?: ReadonlyArray<{ readonly name: string }>;
  readonly packages?: ReadonlyArray<{ readonly name: string }>;
}

/** Packages in what `npm sbom` prints: CycloneDX has components, SPDX packages. */
export function namesInSbom(json: string): readonly string[] {
  const { components, packages } = JSON.parse(json) as Sbom;
  return (components ?? packages ?? []).map(({ name }) => name);
}
