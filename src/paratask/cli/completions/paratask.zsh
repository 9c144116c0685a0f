#compdef paratask
# Completes paratask's tasks and options in zsh. To have it in each shell, put this into ~/.zshrc, below compinit:
#
#     eval "$(paratask --completion zsh)"
#
# or write it to a file `_paratask` in a folder of $fpath.

_paratask_tasks() {
    local -a where tasks
    local index name description
    for ((index = 2; index < CURRENT; index++)); do
        case $words[index] in
            -d | --dir | -t | --taskfile) where+=("$words[index]" "$words[index + 1]") ;;
            --dir=* | --taskfile=* | -g | --global) where+=("$words[index]") ;;
        esac
    done
    while IFS=$'\t' read -r name description; do
        if [[ $name != *'*'* ]]; then
            tasks+=("${name//:/\\:}${description:+:$description}")
        fi
    done < <("$words[1]" $where --list-all --names 2>/dev/null)
    _describe -t tasks task tasks
}

_paratask() {
    if ((${words[(i)--]} < CURRENT)); then  # what follows belongs to the task
        _files
        return
    fi
    _arguments -s \
@OPTIONS@
        '*: :_paratask_tasks'
}

if [[ $funcstack[1] == _paratask ]]; then
    _paratask "$@"
else
    compdef _paratask paratask
fi
