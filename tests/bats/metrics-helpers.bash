# A strict reader of OpenMetrics, for those bats files that look at `metrics`.

# check_openmetrics: reads a page; fails, with the line, where it is not OpenMetrics: families begin
# with TYPE, and HELP and UNIT belong to it; samples carry its name, counters' with _total; no family
# comes twice, no sample either; the last line is # EOF, and nothing is empty.
check_openmetrics() {
	awk '
	function bad(why) { print NR ": " why ": " $0; failed = 1; exit 1 }
	ended { bad("after # EOF") }
	/^# EOF$/ { ended = 1; next }
	/^# TYPE / {
		if (NF != 4 || ($4 != "counter" && $4 != "gauge")) bad("type")
		if ($3 !~ /^[a-zA-Z_:][a-zA-Z0-9_:]*$/ || $3 ~ /_total$/) bad("name")
		if ($3 in types) bad("family twice")
		family = $3; types[$3] = $4; next
	}
	/^# (HELP|UNIT) / {
		if ($3 != family || NF < 4 || ($2, $3) in metas) bad("meta")
		if ($2 == "UNIT" && $3 !~ ("_" $4 "$")) bad("unit is not in the name")
		metas[$2, $3] = 1; next
	}
	/^#/ || /^$/ { bad("no such line") }
	{
		if ($0 !~ /^[a-zA-Z_:][a-zA-Z0-9_:]*({[a-zA-Z_][a-zA-Z0-9_]*="([^"\\]|\\["\\n])*"(,[a-zA-Z_][a-zA-Z0-9_]*="([^"\\]|\\["\\n])*")*})? -?[0-9]+(\.[0-9]+)?$/)
			bad("sample")
		name = $0; sub(/[{ ].*/, "", name)
		if (name != family (types[family] == "counter" ? "_total" : "")) bad("not in its family")
		sample = $0; sub(/ [^ ]*$/, "", sample)
		if (sample in samples) bad("sample twice")
		samples[sample] = 1
	}
	END { if (!failed && !ended) { print "no # EOF"; exit 1 } exit failed }'
}

# metric SAMPLE: its value in $output.
metric() {
	awk -v sample="$1" '{ name = $0; sub(/ [^ ]*$/, "", name) } name == sample { print $NF }' <<<"$output"
}
