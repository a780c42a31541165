"""From a document with facts to a case: strict JSON, fact types, the join of lines, presets."""
