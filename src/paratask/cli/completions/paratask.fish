# Completes paratask's tasks and options in fish. To have it in each shell:
#
#     paratask --completion fish > ~/.config/fish/completions/paratask.fish

function __paratask_tasks
    set -l words (commandline -opc)
    set -l where
    for index in (seq 2 (count $words))
        switch $words[$index]
            case -d --dir -t --taskfile
                set -a where $words[$index] $words[(math $index + 1)]
            case '--dir=*' '--taskfile=*' -g --global
                set -a where $words[$index]
        end
    end
    $words[1] $where --list-all --names 2>/dev/null | string match --invert --regex '^[^\t]*\*'
end

function __paratask_is_ours
    not contains -- -- (commandline -opc)
end

complete -c paratask -n __paratask_is_ours -f -a '(__paratask_tasks)'
@OPTIONS@
