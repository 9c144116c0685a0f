# Completes paratask's tasks and options in PowerShell. To have it in each shell, put this into $PROFILE:
#
#     paratask --completion powershell | Out-String | Invoke-Expression

Register-ArgumentCompleter -Native -CommandName paratask -ScriptBlock {
    param($current, $line, $position)

    $words = @($line.CommandElements | Where-Object { $_.Extent.EndOffset -lt $position } | ForEach-Object { $_.ToString() })
    if ($words -contains '--') { return }  # what follows belongs to the task

    $values = @{
@VALUES@
    }
    if ($words.Count -gt 1 -and $values.ContainsKey($words[-1])) {
        $values[$words[-1]] | Where-Object { $_ -like "$current*" } | ForEach-Object {
            [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
        }
        return
    }

    if ($current -like '-*') {
        @(
@OPTIONS@
        ) | Where-Object { $_[0] -like "$current*" } | ForEach-Object {
            [System.Management.Automation.CompletionResult]::new($_[0], $_[0], 'ParameterName', $_[1])
        }
        return
    }

    $where = @()
    for ($index = 1; $index -lt $words.Count; $index++) {
        if ($words[$index] -cin '-d', '--dir', '-t', '--taskfile') { $where += $words[$index], $words[$index + 1] }
        elseif ($words[$index] -cmatch '^(--dir=.*|--taskfile=.*|-g|--global)$') { $where += $words[$index] }
    }
    $asks = @{
@ASKS@
    }
    $what = '--list-all'
    if ($words.Count -gt 1 -and $asks.ContainsKey($words[-1])) { $what = $asks[$words[-1]] }
    elseif ($words -ccontains '--init' -or $words -ccontains '-i') { $what = '--init' }
    elseif ($words -ccontains '--resume') { $what = '--resume' }
    elseif ($words -ccontains '--logs' -or $words -ccontains '--why' -or $words -ccontains '--stats') { $what = '--why' }
    elseif ($words -ccontains '--exec') { return }  # plain commands, and what is put into them
    & $words[0] @where $what --names 2>$null | ForEach-Object {
        $name, $description = $_ -split "`t", 2
        if ($name.StartsWith($current) -and -not $name.Contains('*')) {
            $shown = if ($description) { $description } else { $name }
            [System.Management.Automation.CompletionResult]::new($name, $name, 'ParameterValue', $shown)
        }
    }
}
